package com.example;

import dev.rr.annotation.Contract;

@Contract
public interface RightHand {}
