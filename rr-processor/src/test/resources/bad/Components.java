package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

final class Components {
  @ConfigSection("types")
  record Types(
      Integer boxed,
// 15: [rr/ConfigType] component boxed has the type Integer, which no key can be decoded to; write int, or Optional<Integer> when absence matters
      OptionalInt optional,
// 19: [rr/ConfigType] component optional has the type OptionalInt, which no key can be decoded to; write int, or Optional<Integer> when absence matters
      float real,
// 13: [rr/ConfigType] component real has the type float, which no key can be decoded to; write double, or Optional<Double> when absence matters
      Set<String> set,
// 19: [rr/ConfigType] component set has the type Set<String>, which no key can be decoded to; write List<String>
      Path path,
// 12: [rr/ConfigType] component path has the type Path, which no key can be decoded to; write String and convert it in the record or the plugin
      List<Plain> plains,
// 19: [rr/ConfigType] component plains has the type List<Plain>, which no key can be decoded to; mark the record Plain with @ConfigSection
      Plain plain,
// 13: [rr/ConfigType] component plain has the type Plain, which no key can be decoded to; mark the record Plain with @ConfigSection
      Object object,
// 14: [rr/ConfigType] component object has the type Object, which no key can be decoded to; allowed are String, boolean, int, long, double, Duration, an enum, StringOrList, List<String>, Map<String, String>, Section, a @ConfigSection record, a List or Map<String, …> of those records or of Section, or Optional of a scalar or record
      String[] array,
// 16: [rr/ConfigType] component array has the type String[], which no key can be decoded to; allowed are String, boolean, int, long, double, Duration, an enum, StringOrList, List<String>, Map<String, String>, Section, a @ConfigSection record, a List or Map<String, …> of those records or of Section, or Optional of a scalar or record
      List<Integer> numbers,
// 21: [rr/ConfigType] component numbers has the type List<Integer>, which no key can be decoded to; allowed are String, boolean, int, long, double, Duration, an enum, StringOrList, List<String>, Map<String, String>, Section, a @ConfigSection record, a List or Map<String, …> of those records or of Section, or Optional of a scalar or record
      Map<Integer, String> map,
// 28: [rr/ConfigType] component map has the type Map<Integer, String>, which no key can be decoded to; allowed are String, boolean, int, long, double, Duration, an enum, StringOrList, List<String>, Map<String, String>, Section, a @ConfigSection record, a List or Map<String, …> of those records or of Section, or Optional of a scalar or record
      Optional<Optional<String>> deep) {}
// 34: [rr/ConfigType] component deep has the type Optional<Optional<String>>, which no key can be decoded to; allowed are String, boolean, int, long, double, Duration, an enum, StringOrList, List<String>, Map<String, String>, Section, a @ConfigSection record, a List or Map<String, …> of those records or of Section, or Optional of a scalar or record

  record Plain(int port) {}

  @ConfigSection("keys")
  record Keys(
      @Key(name = "Num.Workers") int workers,
// 19: [rr/KeyName] component workers has the key "Num.Workers"; keys match without regard to case and have no dots: write "num_workers"
      int numWorkers,
      @Key(name = "num_workers") int other,
// 38: [rr/KeyTwice] components numWorkers and other both have the key "num_workers"; give one of them another with @Key(name = …)
      @Key(required = true, fallback = "a") String both,
// 23: [rr/KeyRequired] component both is required and has the fallback "a"; a required key is always there: leave one of the two out
      @Key(required = true) Optional<String> either) {}
// 23: [rr/KeyRequired] component either is required and Optional; a required key is always there: leave one of the two out
}
