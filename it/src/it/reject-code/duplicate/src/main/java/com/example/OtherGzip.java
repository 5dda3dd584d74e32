package com.example;

import dev.rr.annotation.Plugin;

@Plugin("gzip")
final class OtherGzip {}
