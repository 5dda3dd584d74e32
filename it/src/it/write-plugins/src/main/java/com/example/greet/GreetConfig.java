package com.example.greet;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** The {@code greet} section. */
@ConfigSection("greet")
record GreetConfig(@Key(fallback = "hello", doc = "What is said first.") String word) {}
