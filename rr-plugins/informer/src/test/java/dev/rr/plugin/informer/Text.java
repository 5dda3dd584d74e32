package dev.rr.plugin.informer;

import dev.rr.api.rpc.RpcArgument;
import java.util.List;
import java.util.Map;

/** An argument that is text. */
record Text(String string) implements RpcArgument {
  @Override
  public boolean bool() {
    throw new IllegalArgumentException("not a bool");
  }

  @Override
  public int integer() {
    throw new IllegalArgumentException("not a number");
  }

  @Override
  public long longInteger() {
    throw new IllegalArgumentException("not a number");
  }

  @Override
  public double decimal() {
    throw new IllegalArgumentException("not a number");
  }

  @Override
  public byte[] bytes() {
    throw new IllegalArgumentException("not bytes");
  }

  @Override
  public List<String> strings() {
    throw new IllegalArgumentException("not a list");
  }

  @Override
  public Map<String, Object> map() {
    throw new IllegalArgumentException("not a map");
  }

  @Override
  public <M> M message(M prototype) {
    throw new IllegalArgumentException("not a message");
  }
}
