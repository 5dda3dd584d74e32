/** What every step of the processor shares: diagnostics, and questions about the code. */
@NullMarked
package dev.rr.processor.base;

import org.jspecify.annotations.NullMarked;
