package dev.rr.plugin.service;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.process.Accounts;
import dev.rr.process.GroupGuard;
import dev.rr.process.ProcessCommand;
import dev.rr.process.ProcessStarter;
import dev.rr.process.Variables;
import dev.rr.proto.ServiceProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the services of the configuration, and those that calls create. */
@Plugin(value = "service", weight = 10)
@EnabledBy("service")
final class ServicePlugin implements Lifecycle, Resetter, WorkerManager {
  private final ServiceConfig config;
  private final Configurer configurer;
  private final Host host;
  private final Loggers loggers;
  private final Log log;
  private final Services services = new Services(this::process);
  // Those of the configuration, as they were looked at before anything starts.
  private final List<ServiceSpec> configured = new ArrayList<>();

  ServicePlugin(ServiceConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.loggers = loggers;
    this.log = loggers.named("service");
  }

  @Override
  public void check(Problems problems) {
    configured.clear();
    Section section = configurer.section(ServiceConfigBinder.INSTANCE, problems);
    config
        .services()
        .forEach((name, service) -> {
          Section at = section.section(name);
          if (service.command().isEmpty()) {
            return; // Its record has said so.
          }
          ServiceSpec spec = spec(name, service, Accounts.find(at, service.user(), ""), true);
          ProcessCommand command = spec.command();
          ProcessStarter.fault(
                  command.arguments().getFirst(),
                  command.environment().get("PATH"),
                  command.directory())
              .ifPresent(fault -> at.problem("command", fault));
          configured.add(spec);
        });
  }

  @Override
  public void start() throws Exception {
    services.open();
    for (ServiceSpec spec : configured) {
      try {
        services.create(spec, RpcCall.OWN.deadline());
      } catch (IOException e) {
        throw new IOException("service." + spec.name() + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    services.close(deadline);
  }

  @Override
  public void reset() throws InterruptedException {
    services.reset();
  }

  // ---- what is started --------------------------------------------------------------------------

  private ServiceSpec spec(
      String name,
      ServiceConfig.Service service,
      Optional<ProcessCommand.User> user,
      boolean configured) {
    Map<String, String> environment = environment(service.env());
    List<String> arguments = service.arguments();
    Path directory = host.workDirectory();
    List<String> shown = new ArrayList<>(arguments);
    ProcessStarter.find(arguments.getFirst(), environment.get("PATH"), directory)
        .ifPresent(program -> shown.set(0, program.toString()));
    return new ServiceSpec(
        name,
        service,
        new ProcessCommand(arguments, environment, directory, user),
        String.join(" ", shown),
        configured);
  }

  private Map<String, String> environment(Map<String, String> own) {
    Map<String, String> all = new HashMap<>(configurer.environment());
    Variables.put(own, all);
    return all;
  }

  private ServiceProcess process(ServiceSpec spec, int number, GroupGuard guard) {
    Log output = spec.config().serviceNameInLog() ? loggers.named("service." + spec.name()) : log;
    return new ServiceProcess(spec, number, guard, log, output);
  }

  // ---- who works --------------------------------------------------------------------------------

  @Override
  public List<WorkerSnapshot> workers() {
    return ServiceStatus.snapshots(services.all());
  }

  @Override
  public void addWorker() {
    throw new IllegalArgumentException("plugin does not support workers management: service");
  }

  @Override
  public void removeWorker() {
    addWorker();
  }

  // ---- calls ------------------------------------------------------------------------------------

  @RpcMethod("Create")
  ServiceProto.Response create(ServiceProto.Create create, RpcCall call)
      throws IOException, InterruptedException {
    ServiceConfig.Service service =
        Creation.service(create, new LinkedHashMap<>(configurer.environment()));
    services.create(spec(create.getName(), service, Optional.empty(), false), call.deadline());
    return done();
  }

  @RpcMethod("Terminate")
  ServiceProto.Response terminate(ServiceProto.Service named, RpcCall call)
      throws InterruptedException {
    services.terminate(named.getName(), call.deadline());
    return done();
  }

  @RpcMethod("Restart")
  ServiceProto.Response restart(ServiceProto.Service named, RpcCall call)
      throws IOException, InterruptedException {
    services.restart(named.getName(), call.deadline());
    return done();
  }

  private static ServiceProto.Response done() {
    return ServiceProto.Response.newBuilder().setOk(true).build();
  }

  /** The last process of a service; an error when one of its processes is gone. */
  @RpcMethod("Status")
  ServiceProto.Status status(ServiceProto.Service named) {
    ServiceProto.Status last = ServiceProto.Status.getDefaultInstance();
    for (ServiceProto.Status status : statuses(named).getStatusList()) {
      if (status.hasStatus()) {
        throw new IllegalStateException(status.getStatus().getMessage());
      }
      last = status;
    }
    return last;
  }

  @RpcMethod("Statuses")
  ServiceProto.Statuses statuses(ServiceProto.Service named) {
    return ServiceStatus.statuses(services.service(named.getName()));
  }

  @RpcMethod("List")
  ServiceProto.List list(ServiceProto.Service ignored) {
    ServiceProto.List.Builder list = ServiceProto.List.newBuilder();
    services.all().forEach(service -> list.addServices(service.spec().name()));
    return list.build();
  }
}
