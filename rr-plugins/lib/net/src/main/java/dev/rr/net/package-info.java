/** What every listener shares. Owns no thread. */
@NullMarked
package dev.rr.net;

import org.jspecify.annotations.NullMarked;
