package blockdev.nvme.controller;

import blockdev.nvme.Feature;
import blockdev.nvme.LogPage;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The SMART log: counts over the life of the device, whose temperature never changes. */
final class HealthLog {
  private static final int TEMPERATURE_KELVIN = 303; // 30 °C, assumed
  private static final int WARNING_TEMPERATURE = 1 << 1;
  private static final long UNITS_OF_LOG = 1000; // of 512 bytes
  private static final long NS_PER_HOUR = 3_600_000_000_000L;

  private final NvmeController controller;
  private final IoCounters ofDeletedQueues = new IoCounters();
  private long powerCycles = 1; // it has been switched on
  private long unsafeShutdowns;

  HealthLog(NvmeController controller) {
    this.controller = controller;
  }

  /** Keeps what the commands of a queue did that goes away. */
  void keep(IoCounters counters) {
    ofDeletedQueues.add(counters);
  }

  void powerCycled(boolean wasShutDown) {
    powerCycles++;
    unsafeShutdowns += wasShutDown ? 0 : 1;
  }

  /** What all commands did. */
  IoCounters io() {
    IoCounters sum = new IoCounters();
    sum.add(ofDeletedQueues);
    controller.queues().addCounters(sum);
    return sum;
  }

  private int warning() {
    Features features = controller.features();
    int over = features.value(Feature.TEMPERATURE_THRESHOLD);
    int under = features.underTemperature(Feature.SELECT_CURRENT);
    return TEMPERATURE_KELVIN >= over || TEMPERATURE_KELVIN <= under ? WARNING_TEMPERATURE : 0;
  }

  /** Thresholds have changed: reports a temperature beyond them, if the host wants to know. */
  void checkTemperature() {
    int warning = warning();
    if ((controller.features().value(Feature.ASYNC_EVENTS) & warning) != 0) {
      controller.events().temperature();
    }
  }

  MemorySegment page() {
    MemorySegment page = MemorySegment.ofArray(new byte[LogPage.HEALTH_BYTES]);
    IoCounters io = io();
    page.set(ValueLayout.JAVA_BYTE, LogPage.HEALTH_WARNING, (byte) warning());
    page.set(SubmissionEntry.SHORT, LogPage.HEALTH_TEMPERATURE, (short) TEMPERATURE_KELVIN);
    page.set(ValueLayout.JAVA_BYTE, LogPage.HEALTH_SPARE, (byte) 100); // percent
    page.set(ValueLayout.JAVA_BYTE, LogPage.HEALTH_SPARE_THRESHOLD, (byte) 10);
    put(page, LogPage.HEALTH_UNITS_READ, Math.ceilDiv(io.unitsRead, UNITS_OF_LOG));
    put(page, LogPage.HEALTH_UNITS_WRITTEN, Math.ceilDiv(io.unitsWritten, UNITS_OF_LOG));
    put(page, LogPage.HEALTH_READ_COMMANDS, io.readCommands);
    put(page, LogPage.HEALTH_WRITE_COMMANDS, io.writeCommands);
    put(page, LogPage.HEALTH_POWER_CYCLES, powerCycles);
    put(page, LogPage.HEALTH_POWER_ON_HOURS, controller.nowNs() / NS_PER_HOUR);
    put(page, LogPage.HEALTH_UNSAFE_SHUTDOWNS, unsafeShutdowns);
    put(page, LogPage.HEALTH_MEDIA_ERRORS, io.mediaErrors);
    put(page, LogPage.HEALTH_ERROR_ENTRIES, controller.errors().count());
    return page;
  }

  /** Counters have 16 bytes, of which the high half stays zero. */
  private static void put(MemorySegment page, int at, long value) {
    page.set(SubmissionEntry.LONG, at, value);
  }
}
