package io.modelserver.front.openapi;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Ways to the documentation. All addresses are relative to the one that was called, so
 * that they lead back here through a proxy that adds a prefix, whether it reports that or
 * not.
 */
@Hidden
@Controller
final class DocumentationController {

    @GetMapping("/")
    String docs() {
        return "redirect:docs";
    }

    @GetMapping("/redoc")
    String redoc() {
        return "forward:/redoc.html";
    }

}
