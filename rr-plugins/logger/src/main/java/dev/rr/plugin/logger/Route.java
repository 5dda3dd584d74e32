package dev.rr.plugin.logger;

import java.util.List;

/** Where a channel's lines go. Its outputs are replaced once when they cannot be opened. */
final class Route {
  /** An output and the form of its lines. */
  record Output(Sink sink, LineEncoder encoder) {}

  private volatile List<Output> outputs;

  Route(List<Output> outputs) {
    this.outputs = List.copyOf(outputs);
  }

  List<Output> outputs() {
    return outputs;
  }

  void become(Route other) {
    outputs = other.outputs;
  }

  boolean isSilent() {
    return outputs.isEmpty();
  }

  void write(Record line, LineBuffer buffer) {
    LineEncoder last = null;
    for (Output output : outputs) {
      // Outputs of one channel mostly share an encoder: the line is made once.
      if (output.encoder() != last) {
        buffer.clear();
        output.encoder().encode(buffer, line);
        last = output.encoder();
      }
      output.sink().write(buffer.bytes(), buffer.size());
    }
  }
}
