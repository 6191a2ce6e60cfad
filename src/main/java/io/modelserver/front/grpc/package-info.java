/** The Open Inference Protocol over gRPC. */
@NullMarked
package io.modelserver.front.grpc;

import org.jspecify.annotations.NullMarked;
