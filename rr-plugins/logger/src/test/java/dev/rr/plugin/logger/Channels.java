package dev.rr.plugin.logger;

import java.util.List;
import java.util.Optional;

/** Makes channel configurations for tests: everything at its default except for what is said. */
final class Channels {
  private Mode mode = Mode.DEVELOPMENT;
  private Threshold level = Threshold.DEBUG;
  private Encoding encoding = Encoding.MODE;
  private List<String> output = List.of("stderr");
  private String ending = "";
  private boolean skip;
  private String format = "";
  private String time = "";
  private Optional<RotationConfig> rotation = Optional.empty();

  static Channels to(String... output) {
    Channels out = new Channels();
    out.output = List.of(output);
    return out;
  }

  Channels mode(Mode value) {
    mode = value;
    return this;
  }

  Channels level(Threshold value) {
    level = value;
    return this;
  }

  Channels encoding(Encoding value) {
    encoding = value;
    return this;
  }

  Channels ending(String value, boolean none) {
    ending = value;
    skip = none;
    return this;
  }

  Channels format(String value, String layout) {
    format = value;
    time = layout;
    return this;
  }

  Channels rotation(RotationConfig value) {
    rotation = Optional.of(value);
    return this;
  }

  ChannelConfig build() {
    return new ChannelConfig(
        mode, level, encoding, output, List.of(), List.of(), List.of(), ending, skip, format, time,
        rotation);
  }
}
