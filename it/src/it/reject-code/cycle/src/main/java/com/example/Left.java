package com.example;

import dev.rr.annotation.Plugin;

@Plugin("left")
final class Left implements LeftHand {
  Left(RightHand right) {}
}
