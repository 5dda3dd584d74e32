package dev.rr.bench;

import dev.rr.goridge.Frame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a frame's header costs, written and read; bodies are copied by the kernel, not by us. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {
  private static final int JSON = 0x08;

  private final byte[] buffer = new byte[64];
  private final byte[] received = Frame.of(JSON, 0, new byte[216], 200);
  private int length = 216;

  /** The header of a request to a worker: one option, CRC included. */
  @Benchmark
  public int writeRequestHeader() {
    return Frame.header(buffer, 0, JSON, 0, length, 200);
  }

  /** The header of an RPC answer: two options. */
  @Benchmark
  public int writeRpcHeader() {
    return Frame.header(buffer, 0, JSON, 0, length, 7, 16);
  }

  /** Everything that is looked at in the header of a worker's answer. */
  @Benchmark
  public long readAnswerHeader() {
    if (!Frame.valid(received, 0)) {
      throw new IllegalStateException("not a frame");
    }
    return Frame.payload(received, 0)
        + Frame.option(received, 0, 0)
        + Frame.flags(received, 0)
        + Frame.stream(received, 0);
  }
}
