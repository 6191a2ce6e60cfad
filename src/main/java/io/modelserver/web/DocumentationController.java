package io.modelserver.web;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Ways to the documentation. */
@Hidden
@Controller
final class DocumentationController {

    @GetMapping("/")
    String docs() {
        return "redirect:/docs";
    }

    @GetMapping("/redoc")
    String redoc() {
        return "forward:/redoc.html";
    }

}
