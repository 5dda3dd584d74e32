/** Configuration records: read into a model, checked, and turned into binders and JSON schemas. */
@NullMarked
package dev.rr.processor.config;

import org.jspecify.annotations.NullMarked;
