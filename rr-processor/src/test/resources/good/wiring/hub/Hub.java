package test.hub;

import dev.rr.annotation.Contract;
import java.util.List;

@Contract
public interface Hub {
  List<String> collected();

  String title();
}
