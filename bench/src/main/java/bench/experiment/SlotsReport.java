package bench.experiment;

import java.util.List;

/** All of a {@link SlotsExperiment}, as JSON shows it. */
public record SlotsReport(String experiment, SlotsSettings configuration, List<SlotsRow> rows) {
  public SlotsReport(SlotsSettings configuration, List<SlotsRow> rows) {
    this("slots", configuration, rows);
  }
}
