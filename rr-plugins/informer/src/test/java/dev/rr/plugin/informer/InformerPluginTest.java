package dev.rr.plugin.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Named;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.plugin.RpcCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InformerPluginTest {
  private final InformerPlugin informer = new InformerPlugin();
  private final List<String> managed = new ArrayList<>();

  /** Remembers what is asked of it. */
  private final class Manager implements WorkerManager {
    private final List<WorkerSnapshot> workers;

    Manager(WorkerSnapshot... workers) {
      this.workers = List.of(workers);
    }

    @Override
    public List<WorkerSnapshot> workers() {
      return workers;
    }

    @Override
    public void addWorker() {
      managed.add("add");
    }

    @Override
    public void removeWorker() {
      managed.add("remove");
    }
  }

  private @Nullable Object call(String method, String argument) throws Exception {
    return RpcCalls.call(new InformerPluginRpc(informer), method, argument);
  }

  @Test
  void listsPluginsWithWorkersByName() {
    informer.workers(new Named("jobs", 1), new Manager());
    informer.workers(new Named("http", 1), new Manager());
    assertThat(informer.list(true)).containsExactly("http", "jobs");
  }

  @Test
  void tellsAboutWorkersUnderTheNamesThatThePhpPackageReads() throws Exception {
    informer.workers(
        new Named("http", 1),
        new Manager(new WorkerSnapshot(7, 1, 3, 1_700L, 4096, 0.5, "", "ready")));
    Object answer = call("Workers", "http");
    assertThat(answer)
        .hasToString(
            "{workers=[{pid=7, status=1, numExecs=3, created=1700, memoryUsage=4096,"
                + " CPUPercent=0.5, command=, statusStr=ready}]}");
  }

  @Test
  void aPluginWithoutWorkersHasAnEmptyList() throws Exception {
    assertThat(informer.workers("none").workers()).isEmpty();
    assertThat(call("Workers", "none")).isEqualTo(Map.of("workers", List.of()));
  }

  @Test
  void addsAndRemovesWorkersAndAnswersFalseAsUpstreamDoes() throws Exception {
    informer.workers(new Named("http", 1), new Manager());
    assertThat(call("AddWorker", "http")).isEqualTo(false);
    assertThat(call("RemoveWorker", "http")).isEqualTo(false);
    assertThat(managed).containsExactly("add", "remove");
    assertThatThrownBy(() -> informer.addWorker("none"))
        .hasMessage("plugin does not support workers management: none");
    assertThatThrownBy(() -> informer.removeWorker("none"))
        .hasMessage("plugin does not support workers management: none");
  }

  @Test
  void tellsAboutPipelinesInUpstreamsSpelling() throws Exception {
    informer.pipelines(
        new Named("jobs", 1),
        () -> List.of(new PipelineState("p", "memory", "", 1, 2, 3, true, 10, "")));
    assertThat(call("Jobs", "jobs"))
        .hasToString(
            "[{Pipeline=p, Driver=memory, Queue=, Active=1, Delayed=2, Reserved=3, Ready=true,"
                + " Priority=10, ErrorMessage=}]");
  }

  @Test
  void pipelinesThatCannotBeToldAreNull() throws Exception {
    informer.pipelines(
        new Named("jobs", 1),
        () -> {
          throw new IllegalStateException("the broker is away");
        });
    assertThat(informer.jobs("jobs")).isNull();
    assertThat(informer.jobs("none")).isNull();
  }
}
