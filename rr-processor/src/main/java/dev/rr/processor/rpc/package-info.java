/** RPC methods: read into a model, checked, and turned into a dispatch without reflection. */
@NullMarked
package dev.rr.processor.rpc;

import org.jspecify.annotations.NullMarked;
