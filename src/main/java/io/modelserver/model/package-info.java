/** What a model is: its id, its metadata, the tensors that go in and come out. */
@NullMarked
package io.modelserver.model;

import org.jspecify.annotations.NullMarked;
