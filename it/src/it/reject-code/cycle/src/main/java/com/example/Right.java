package com.example;

import dev.rr.annotation.Contract;
import dev.rr.annotation.Plugin;

@Plugin("right")
public final class Right implements Right.Offer {
  @Contract
  public interface Offer {}

  Right(Left.Offer left) {}
}
