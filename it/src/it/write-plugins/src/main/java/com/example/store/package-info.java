/** The plugin {@code store}: keys and values over RPC, in storages of any driver. */
@NullMarked
package com.example.store;

import org.jspecify.annotations.NullMarked;
