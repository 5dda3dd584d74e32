package test.app;

import dev.rr.api.rpc.RpcArgument;
import java.util.List;
import java.util.Map;

/** An argument that is text and nothing else. */
record TextArgument(String string) implements RpcArgument {
  private static <T> T no() {
    throw new IllegalArgumentException("not text");
  }

  @Override
  public boolean bool() {
    return no();
  }

  @Override
  public int integer() {
    return no();
  }

  @Override
  public long longInteger() {
    return no();
  }

  @Override
  public double decimal() {
    return no();
  }

  @Override
  public byte[] bytes() {
    return no();
  }

  @Override
  public List<String> strings() {
    return no();
  }

  @Override
  public Map<String, Object> map() {
    return no();
  }

  @Override
  public <M> M message(M prototype) {
    return no();
  }
}
