/** The logging contract: named channels, structured attributes. */
@NullMarked
package dev.rr.api.log;

import org.jspecify.annotations.NullMarked;
