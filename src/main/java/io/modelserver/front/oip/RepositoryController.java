package io.modelserver.front.oip;

import java.io.IOException;
import java.util.List;

import io.modelserver.front.http.RequestBodies;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelControl;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists, loads and unloads models; a body need not be there. */
@RestController
@RequestMapping(path = "/v2/repository", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "inference")
final class RepositoryController {

    private final ModelCatalog catalog;

    private final ModelControl control;

    private final RequestBodies bodies;

    RepositoryController(ModelCatalog catalog, ModelControl control, RequestBodies bodies) {
        this.catalog = catalog;
        this.control = control;
        this.bodies = bodies;
    }

    @PostMapping("/index")
    @Operation(operationId = "inferenceIndex", summary = "All versions, and how far each is")
    List<IndexJson> index(HttpServletRequest request) throws IOException {
        return catalog.index(read(request).ready()).stream().map(IndexJson::of).toList();
    }

    @PostMapping("/models/{name}/load")
    @Operation(operationId = "inferenceLoad", summary = "Loads the version in PRODUCTION, or loads it again")
    DoneJson load(@PathVariable String name, HttpServletRequest request) throws IOException, InterruptedException {
        return new DoneJson(name, OipRefusal.unless(control.load(name, read(request).parameters())));
    }

    @PostMapping("/models/{name}/unload")
    @Operation(operationId = "inferenceUnload", summary = "Stops serving a model until it is loaded or promoted again")
    DoneJson unload(@PathVariable String name, HttpServletRequest request) throws IOException, InterruptedException {
        read(request);
        return new DoneJson(name, OipRefusal.unless(control.unload(name)));
    }

    private ControlBody read(HttpServletRequest request) throws IOException {
        try (RequestBodies.RequestBody body = bodies.read(request)) {
            return ControlBody.of(body.json());
        }
    }

}
