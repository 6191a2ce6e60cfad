package io.modelserver.front.openapi;

import java.net.URI;

import jakarta.servlet.http.HttpServletRequest;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.properties.SwaggerUiConfigParameters;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.providers.SpringWebProvider;
import org.springdoc.webmvc.ui.SwaggerWelcomeWebMvc;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Redirects to Swagger UI by relative addresses. springdoc's own redirect makes absolute
 * ones, of forwarded headers too, which any caller can write.
 */
@Controller
final class DocumentationPage extends SwaggerWelcomeWebMvc {

    private static final URI PAGE = URI.create("swagger-ui/index.html");

    DocumentationPage(SwaggerUiConfigProperties settings, SpringDocConfigProperties documentation,
            ObjectProvider<SpringWebProvider> web) {
        super(settings, documentation, web);
    }

    @Override
    public ResponseEntity<Void> redirectToUi(HttpServletRequest request) {
        return ResponseEntity.status(HttpStatus.FOUND).location(PAGE).build();
    }

    @Override
    protected void calculateOauth2RedirectUrl(SwaggerUiConfigParameters parameters, UriComponentsBuilder address) {
        // There is no sign-in with OAuth.
    }

}
