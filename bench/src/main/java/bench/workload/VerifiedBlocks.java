package bench.workload;

import blockdev.memory.HostMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the device, as far as jobs wrote it: the number of the last write of each data unit.
 * Writes fill each unit with words that only that unit and that write have; reads compare.
 *
 * <p>I/Os that overlap a write have no prescribed outcome. So an I/O that would overlap a write
 * under way, or a write that would overlap anything, goes beside it (fio's {@code
 * serialize_overlap} lets it wait).
 */
final class VerifiedBlocks {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final byte WRITING = -1;
  private static final long MAX_UNITS = 1 << 30;

  private final MemorySegment memory;
  private final int unitBytes;
  private final int[] writes; // by unit; 0: never written
  private final byte[] underWay; // by unit: readers, or WRITING
  private final @Nullable WriteHistory history; // null unless power is to be cut
  private int lastWrite;
  private long comparedUnits;
  private long mismatches;
  private @Nullable String firstMismatch;

  /**
   * For the I/Os of jobs.
   *
   * @param groups of jobs that run at the same time
   * @param keepsHistory whether to remember all writes of a unit
   * @throws UnsupportedJobException if there are too many units, or so many I/Os under way that one
   *     may have no place beside the others
   */
  static VerifiedBlocks of(
      List<List<Job>> groups, HostMemory memory, long deviceBytes, boolean keepsHistory)
      throws UnsupportedJobException {
    int unitBytes = Integer.MAX_VALUE;
    for (List<Job> group : groups) {
      for (Job job : group) {
        unitBytes = Math.min(unitBytes, job.regions().dataUnitBytes());
        checkRoomBeside(job, group);
      }
    }
    if (deviceBytes / unitBytes > MAX_UNITS) {
      throw new UnsupportedJobException(
          "verify keeps track of at most " + MAX_UNITS + " units of " + unitBytes);
    }
    return new VerifiedBlocks(memory, deviceBytes, unitBytes, keepsHistory);
  }

  private static void checkRoomBeside(Job job, List<Job> group) throws UnsupportedJobException {
    KeyRegions regions = job.regions();
    long largest = job.blockSizes().largestBytes();
    long step = job.blockSizes().smallestBytes();
    long places = regions.count() * ((regions.regionBytes() - largest) / step + 1);
    long taken = 0;
    for (Job other : group) {
      if (other.regions().overlaps(regions)) {
        long reach = largest + other.blockSizes().largestBytes();
        boolean inStep = other.blockSizes().areMultiplesOf(step);
        long each = inStep ? reach / step - 1 : Math.ceilDiv(reach, step);
        taken += (long) other.clones() * other.depth() * each;
      }
    }
    if (places <= taken) {
      throw new UnsupportedJobException(
          "job "
              + job.name()
              + ": under verify, I/Os must not overlap, and there is no room for so many at a"
              + " time");
    }
  }

  /**
   * @param deviceBytes less than 2^31 units
   * @param unitBytes of which all I/Os are made
   * @param keepsHistory whether to remember all writes of a unit
   */
  VerifiedBlocks(HostMemory memory, long deviceBytes, int unitBytes, boolean keepsHistory) {
    this.memory = memory.segment();
    this.unitBytes = unitBytes;
    int units = Math.toIntExact(deviceBytes / unitBytes);
    writes = new int[units];
    underWay = new byte[units];
    history = keepsHistory ? new WriteHistory(units) : null;
  }

  /** Of all writes; null if it is not kept. */
  @Nullable WriteHistory history() {
    return history;
  }

  int unitBytes() {
    return unitBytes;
  }

  /** Moves {@code ios} on until its I/O may be under way with the others. */
  void avoidOverlap(IoGenerator ios) {
    while (!isFree(ios.direction(), ios.offsetBytes(), ios.lengthBytes())) {
      ios.nextBeside();
    }
  }

  private boolean isFree(IoDirection direction, long offsetBytes, int lengthBytes) {
    int first = unit(offsetBytes);
    for (int unit = first; unit < first + lengthBytes / unitBytes; unit++) {
      int users = underWay[unit];
      if (users == WRITING
          || users > 0 && direction != IoDirection.READ
          || users == Byte.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }

  /** Notes that an I/O starts; fills the pages of a write. */
  void begin(IoDirection direction, long offsetBytes, int lengthBytes, IoPages pages) {
    int write = direction == IoDirection.WRITE ? ++lastWrite : 0;
    int first = unit(offsetBytes);
    for (int index = 0; index < lengthBytes / unitBytes; index++) {
      int unit = first + index;
      if (direction == IoDirection.READ) {
        underWay[unit]++;
      } else {
        underWay[unit] = WRITING;
        writes[unit] = write;
        if (history != null) {
          history.submitted(unit, write);
        }
        fill(pages.offsetOf(index * unitBytes), unit, write);
      }
    }
  }

  /** Notes that an I/O ended; compares the pages of a read that went well. */
  void end(IoDirection direction, long offsetBytes, int lengthBytes, IoPages pages, boolean well) {
    int first = unit(offsetBytes);
    for (int index = 0; index < lengthBytes / unitBytes; index++) {
      int unit = first + index;
      if (direction != IoDirection.READ) {
        underWay[unit] = 0;
        if (history != null && well) {
          history.completed(unit);
        }
        continue;
      }
      underWay[unit]--;
      if (well && writes[unit] != 0) {
        compare(pages.offsetOf(index * unitBytes), unit);
      }
    }
  }

  /** Whether the unit at {@code offsetBytes} was written. */
  boolean isWritten(long offsetBytes) {
    return writes[unit(offsetBytes)] != 0;
  }

  private int unit(long offsetBytes) {
    return (int) (offsetBytes / unitBytes);
  }

  private void fill(long at, int unit, int write) {
    for (int byteIndex = 0; byteIndex < unitBytes; byteIndex += Long.BYTES) {
      memory.set(WORD, at + byteIndex, word(unit, write, byteIndex));
    }
  }

  private void compare(long at, int unit) {
    comparedUnits++;
    int write = writes[unit];
    if (!holds(memory, at, unitBytes, unit, write)) {
      mismatches++;
      if (firstMismatch == null) {
        firstMismatch =
            unitBytes
                + " bytes at offset "
                + (long) unit * unitBytes
                + " are not what write "
                + write
                + " put there";
      }
    }
  }

  /** Whether that write of {@code unit} is what is {@code at} a place in memory. */
  static boolean holds(MemorySegment memory, long at, int unitBytes, int unit, int write) {
    for (int byteIndex = 0; byteIndex < unitBytes; byteIndex += Long.BYTES) {
      if (memory.get(WORD, at + byteIndex) != word(unit, write, byteIndex)) {
        return false;
      }
    }
    return true;
  }

  /** The unit, the write, then what follows from both: a misplaced unit explains itself. */
  private static long word(int unit, int write, int byteIndex) {
    return switch (byteIndex) {
      case 0 -> unit;
      case Long.BYTES -> write;
      default -> SeededStream.mix((long) unit << 32 ^ (long) write << 12 ^ byteIndex);
    };
  }

  long comparedUnits() {
    return comparedUnits;
  }

  long mismatches() {
    return mismatches;
  }

  @Nullable String firstMismatch() {
    return firstMismatch;
  }
}
