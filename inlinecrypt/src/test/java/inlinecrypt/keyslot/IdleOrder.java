package inlinecrypt.keyslot;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The kernel's list of idle slots. */
final class IdleOrder {
  private IdleOrder() {}

  /** The slots of {@code table} without borrowers, the one that is idle longest first. */
  static int[] of(KeyslotTable table) {
    SlotView slots = table.snapshot();
    return IntStream.range(0, slots.slotCount())
        .filter(slots::isIdle)
        .boxed()
        .sorted(Comparator.comparingLong(slots::idleSinceTick))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
