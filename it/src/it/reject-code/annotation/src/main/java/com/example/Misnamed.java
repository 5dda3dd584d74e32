package com.example;

import dev.rr.annotation.Plugin;

@Plugin("Bad Name")
final class Misnamed {}
