package bench.workload;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.media.Medium;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.sim.WaitPoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads each unit that was ever written, and compares it with all that it may hold. */
final class AfterPowerCut {
  private final WriteHistory history;
  private final Medium medium;
  private final HostMemory memory;
  private final int unitBytes;
  private long checkedUnits;
  private long unflushedUnits;
  private long olderUnits;
  private long wrongUnits;
  private @Nullable String firstWrong;

  AfterPowerCut(WriteHistory history, Medium medium, HostMemory memory, int unitBytes) {
    this.history = history;
    this.medium = medium;
    this.memory = memory;
    this.unitBytes = unitBytes;
  }

  /** Checks an area. */
  void check(RegionKeys keys, BioSubmitter submitter) {
    KeyRegions regions = keys.regions();
    IoPages pages = new IoPages(memory, unitBytes);
    for (long at = regions.offsetBytes(); at < regions.endBytes(); at += unitBytes) {
      int unit = (int) (at / unitBytes);
      if (history.isWritten(unit)) {
        long inArea = at - regions.offsetBytes();
        WaitPoint ended = new WaitPoint();
        Bio bio = new Bio(pages.segments(), read -> ended.signal());
        bio.reset(BioOp.READ, at >>> QueueLimits.SECTOR_SHIFT);
        pages.addTo(bio, unitBytes);
        keys.putInto(
            bio.crypt(),
            (int) (inArea / regions.regionBytes()),
            inArea % regions.regionBytes() / regions.dataUnitBytes(),
            at);
        submitter.submit(bio);
        submitter.await(ended);
        check(unit, bio.status(), pages.offsetOf(0));
      }
    }
    pages.free();
  }

  private void check(int unit, BioStatus status, long page) {
    checkedUnits++;
    List<Integer> allowed = history.allowed(unit);
    unflushedUnits += allowed.size() > 1 ? 1 : 0;
    int index = status == BioStatus.OK ? found(unit, page, allowed) : -1;
    if (index > 0) {
      olderUnits++;
    } else if (index < 0) {
      wrongUnits++;
      if (firstWrong == null) {
        firstWrong = say(unit, status, allowed);
      }
    }
  }

  /** Which of {@code allowed} the unit holds, −1 for none. What was never written has no key. */
  private int found(int unit, long page, List<Integer> allowed) {
    for (int index = 0; index < allowed.size(); index++) {
      int write = allowed.get(index);
      if (write == WriteHistory.NEVER
          ? isUntouched(unit)
          : VerifiedBlocks.holds(memory.segment(), page, unitBytes, unit, write)) {
        return index;
      }
    }
    return -1;
  }

  private boolean isUntouched(int unit) {
    MemorySegment bytes = medium.segment().asSlice((long) unit * unitBytes, unitBytes);
    for (long at = 0; at < unitBytes; at += Long.BYTES) {
      if (bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != 0) {
        return false;
      }
    }
    return true;
  }

  private String say(int unit, BioStatus status, List<Integer> allowed) {
    String where = unitBytes + " bytes at offset " + (long) unit * unitBytes;
    if (status != BioStatus.OK) {
      return "reading " + where + " ended with " + status;
    }
    boolean mayBeUntouched = allowed.getLast() == WriteHistory.NEVER;
    int oldest = allowed.get(Math.max(0, allowed.size() - (mayBeUntouched ? 2 : 1)));
    int newest = allowed.getFirst();
    String writes =
        newest == oldest
            ? "write " + newest
            : allowed.size()
                - (mayBeUntouched ? 1 : 0)
                + " writes from "
                + oldest
                + " to "
                + newest;
    return where + " do not hold " + writes + (mayBeUntouched ? ", and are not untouched" : "");
  }

  PowerCutResult result(long afterIos, long atNs) {
    return new PowerCutResult(
        afterIos,
        atNs,
        unitBytes,
        checkedUnits,
        unflushedUnits,
        olderUnits,
        wrongUnits,
        firstWrong);
  }
}
