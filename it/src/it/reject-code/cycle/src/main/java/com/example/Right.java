package com.example;

import dev.rr.annotation.Plugin;

@Plugin("right")
final class Right implements RightHand {
  Right(LeftHand left) {}
}
