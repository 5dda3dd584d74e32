package com.example.heap;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** What a storage of the driver {@code heap} may say. */
@ConfigSection(value = "store.*.config", driver = "heap")
record HeapConfig(@Key(fallback = "1000", min = 1, doc = "The most keys.") int maxKeys) {}
