package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Named;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

final class Parameters {
  @Plugin("all")
  static final class All {
    All(
        int port,
// 13: [rr/ParameterType] parameter port has the type int, which no plugin offers; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records
        Set<Middleware> set,
// 25: [rr/ParameterCollection] parameter set has the type Set<Middleware>, which would construct disabled plugins as well; collect them instead: @Collects void middleware(Named plugin, Middleware offer)
        Map<String, Middleware> map,
// 33: [rr/ParameterCollection] parameter map has the type Map<String, Middleware>, which would construct disabled plugins as well; collect them instead: @Collects void middleware(Named plugin, Middleware offer)
        Collection<Middleware> collection,
// 32: [rr/ParameterCollection] parameter collection has the type Collection<Middleware>, which would construct disabled plugins as well; collect them instead: @Collects void middleware(Named plugin, Middleware offer)
        List<Supplier<Middleware>> list,
// 36: [rr/ParameterCollection] parameter list has the type List<Supplier<Middleware>>, which would construct disabled plugins as well; collect them instead: @Collects void middleware(Named plugin, Middleware offer)
        Supplier<Middleware> supplier,
// 30: [rr/ParameterType] parameter supplier has the type Supplier<Middleware>, but what a plugin needs is there before it; write Middleware
        Optional<Set<Middleware>> optionalSet,
// 35: [rr/ParameterType] parameter optionalSet has the type Optional<Set<Middleware>>, and only a @Contract interface can be optional; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records
        Concrete concrete,
// 18: [rr/ParameterType] parameter concrete has the type Concrete, a concrete class; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records
        OwnLoggers loggers,
// 20: [rr/ParameterType] parameter loggers has the type OwnLoggers, a concrete class; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records: write Loggers
        Log log,
// 13: [rr/ParameterType] parameter log has the type Log, which Loggers gives; write Loggers and call its named()
        Named named,
// 15: [rr/ParameterType] parameter named has the type Named, which comes beside what is collected; take it there: @Collects void …(Named plugin, … offer)
        Neighbour neighbour,
// 19: [rr/ParameterType] parameter neighbour has the type Neighbour, the class of a plugin, which others know by what it offers: write Middleware
        Loner loner,
// 15: [rr/ParameterType] parameter loner has the type Loner, the class of a plugin, which offers no @Contract interface; let it implement one, and take that
        Plain plain,
// 15: [rr/ParameterType] parameter plain has the type Plain, a record without @ConfigSection; mark it with @ConfigSection("…") if it is the plugin's configuration
        Optional<String> text,
// 26: [rr/ParameterType] parameter text has the type Optional<String>, and only a @Contract interface can be optional; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records
        Optional<Section> optionalSection,
// 27: [rr/ParameterType] parameter optionalSection has the type Optional<Section>, but a section is always decoded, an absent one from its defaults; write Section
        Part part,
// 14: [rr/ParameterSection] parameter part has the type Part, which is only a part of other sections; name its key path: @ConfigSection("…")
        Driver driver,
// 16: [rr/ParameterSection] parameter driver has the type Driver, whose sections the host of the driver hands over; take what decodes them: Binder<Driver>
        Binder<Section> binder,
// 25: [rr/ParameterSection] parameter binder has the type Binder<Section>, but the record is no driver's; write Section
        Binder<String> textBinder,
// 24: [rr/ParameterSection] parameter textBinder has the type Binder<String>, which decodes no @ConfigSection record
        String[] array) {}
// 18: [rr/ParameterType] parameter array has the type String[], which no plugin offers; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records
  }

  static final class Concrete {}

  @Plugin("neighbour")
  static final class Neighbour implements Middleware {
    Neighbour() {}

    @Override
    public HttpHandler wrap(HttpHandler next) {
      return next;
    }
  }

  @Plugin("loner")
  static final class Loner {
    Loner() {}
  }

  abstract static class OwnLoggers implements Loggers {}

  record Plain(int port) {}

  @ConfigSection("section")
  record Section(int port) {}

  @ConfigSection(value = "kv.*.config", driver = "all")
  record Driver(int port) {}

  @ConfigSection
  record Part(int port) {}
}
