package dev.rr.plugin.service;

import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.process.ProcessEnd;
import dev.rr.process.ProcessFigures;
import dev.rr.proto.CommonProto;
import dev.rr.proto.ServiceProto;
import java.util.ArrayList;
import java.util.List;

/** How the processes of services are. Any thread; reads the system's figures. */
final class ServiceStatus {
  private static final int READY = 1;

  private ServiceStatus() {}

  /** Those that run, as {@code rr workers} shows them. */
  static List<WorkerSnapshot> snapshots(List<RunningService> services) {
    List<WorkerSnapshot> found = new ArrayList<>();
    for (RunningService service : services) {
      for (ServiceProcess place : service.processes()) {
        place
            .process()
            .filter(Process::isAlive)
            .ifPresent(process -> found.add(snapshot(process, service.spec().shown())));
      }
    }
    return found;
  }

  private static WorkerSnapshot snapshot(Process process, String command) {
    return new WorkerSnapshot(
        process.pid(),
        READY,
        0,
        0,
        ProcessFigures.residentBytes(process.pid()).orElse(0L),
        ProcessFigures.cpuPercent(process),
        command,
        "");
  }

  /**
   * All processes of a service; the field status is set for those that have ended, and only then.
   */
  static ServiceProto.Statuses statuses(RunningService service) {
    ServiceProto.Statuses.Builder all = ServiceProto.Statuses.newBuilder();
    for (ServiceProcess place : service.processes()) {
      place.process().ifPresent(process -> all.addStatus(status(process, service.spec().shown())));
    }
    return all.build();
  }

  private static ServiceProto.Status status(Process process, String command) {
    ServiceProto.Status.Builder status =
        ServiceProto.Status.newBuilder().setPid((int) process.pid()).setCommand(command);
    if (!process.isAlive()) {
      return status
          .setStatus(
              CommonProto.Status.newBuilder()
                  .setMessage("process does not exist, it ended: " + ProcessEnd.text(process)))
          .build();
    }
    return status
        .setCpuPercent((float) ProcessFigures.cpuPercent(process))
        .setMemoryUsage(ProcessFigures.residentBytes(process.pid()).orElse(0L))
        .build();
  }
}
