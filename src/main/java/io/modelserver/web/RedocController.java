package io.modelserver.web;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The second way to read the documentation. */
@Hidden
@Controller
final class RedocController {

    @GetMapping("/redoc")
    String redoc() {
        return "forward:/redoc.html";
    }

}
