package com.example;

import dev.rr.annotation.Contract;
import dev.rr.annotation.Plugin;

@Plugin("left")
public final class Left implements Left.Offer {
  @Contract
  public interface Offer {}

  Left(Right.Offer right) {}
}
