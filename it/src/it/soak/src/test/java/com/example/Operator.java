package com.example;

import java.io.IOException;
import javax.net.SocketFactory;

/** Looks at everything that an operator sees, over and over. One thread at a time. */
final class Operator {
  private final int metrics;
  private final int status;
  private final RpcClient rpc;
  private final Outcomes outcomes;

  Operator(int metrics, int status, RpcClient rpc, Outcomes outcomes) {
    this.metrics = metrics;
    this.status = status;
    this.rpc = rpc;
    this.outcomes = outcomes;
  }

  void next() throws IOException {
    expect("rr_http_request_total", get(metrics, "/metrics"));
    expect("http", get(status, "/health?plugin=http"));
    expect("\"pid\"", rpc.call("informer.Workers", "\"http\""));
    expect("sleeper", rpc.call("service.List", "{}"));
    declareAndUnregister();
    lockAndRelease();
    createAndTerminate();
    outcomes.count("rounds of an operator");
  }

  private void declareAndUnregister() throws IOException {
    String metric = "{\"name\":\"passing\",\"value\":1,\"collector\":{\"type\":\"histogram\"}}";
    rpc.call("metrics.Declare", metric);
    rpc.call("metrics.Observe", metric);
    rpc.call("metrics.Unregister", "\"passing\"");
  }

  private void lockAndRelease() throws IOException {
    String lock = "{\"resource\":\"operator\",\"id\":\"o\",\"ttl\":60000000}";
    expect("true", rpc.call("lock.Lock", lock));
    expect("true", rpc.call("lock.Release", lock));
  }

  private void createAndTerminate() throws IOException {
    expect(
        "true",
        rpc.call(
            "service.Create",
            "{\"name\":\"passing\",\"command\":\"sleep 3600\",\"process_num\":1}"));
    expect("true", rpc.call("service.Terminate", "{\"name\":\"passing\"}"));
  }

  private static String get(int port, String path) throws IOException {
    try (Connection connection = Connection.open(SocketFactory.getDefault(), port)) {
      Connection.Answer answer = connection.ask(Request.get(path, ""));
      return answer.status() == 200 ? answer.text() : "status " + answer.status();
    }
  }

  private void expect(String part, String answer) {
    if (!answer.contains(part)) {
      outcomes.fault("an operator looked for " + part + " in " + answer);
    }
  }
}
