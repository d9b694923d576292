package bench.workload;

import blockdev.bio.Bio;
import blockdev.bio.BioEnd;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.sim.WaitPoint;
import org.jspecify.annotations.Nullable;

/** Reads everything that was written in an area once, from its beginning to its end. */
final class ReadBack {
  private static final int DEPTH = 8;
  private static final int READ_BYTES = 64 * 1024;

  private final RegionKeys keys;
  private final VerifiedBlocks verified;
  private final BioSubmitter submitter;
  private final WaitPoint allEnded = new WaitPoint();
  private long nextOffset;
  private int underWay;
  private @Nullable String failure;

  ReadBack(RegionKeys keys, VerifiedBlocks verified, BioSubmitter submitter) {
    this.keys = keys;
    this.verified = verified;
    this.submitter = submitter;
    nextOffset = keys.regions().offsetBytes();
  }

  /** Runs, and waits for the end; says which read failed, or null. */
  @Nullable String run(HostMemory memory) {
    Lane[] lanes = new Lane[DEPTH];
    underWay = DEPTH;
    for (int index = 0; index < DEPTH; index++) {
      lanes[index] = new Lane(memory);
      lanes[index].startNext();
    }
    submitter.await(allEnded);
    for (Lane lane : lanes) {
      lane.pages.free();
    }
    return failure;
  }

  private final class Lane implements BioEnd {
    private final IoPages pages;
    private final Bio bio;
    private long offsetBytes;
    private int lengthBytes;

    Lane(HostMemory memory) {
      pages = new IoPages(memory, READ_BYTES);
      bio = new Bio(pages.segments(), this);
    }

    void startNext() {
      if (failure != null || !findNext()) {
        if (--underWay == 0) {
          allEnded.signal();
        }
        return;
      }
      KeyRegions regions = keys.regions();
      long inArea = offsetBytes - regions.offsetBytes();
      bio.reset(BioOp.READ, offsetBytes >>> QueueLimits.SECTOR_SHIFT);
      pages.addTo(bio, lengthBytes);
      keys.putInto(
          bio.crypt(),
          (int) (inArea / regions.regionBytes()),
          inArea % regions.regionBytes() / regions.dataUnitBytes(),
          offsetBytes);
      verified.begin(IoDirection.READ, offsetBytes, lengthBytes, pages);
      submitter.submit(bio);
    }

    /** Finds the next written units that follow each other in one region. */
    private boolean findNext() {
      KeyRegions regions = keys.regions();
      int unit = regions.dataUnitBytes();
      while (nextOffset < regions.endBytes() && !verified.isWritten(nextOffset)) {
        nextOffset += unit;
      }
      offsetBytes = nextOffset;
      long leftInRegion =
          regions.regionBytes() - (offsetBytes - regions.offsetBytes()) % regions.regionBytes();
      long end = Math.min(regions.endBytes(), offsetBytes + Math.min(READ_BYTES, leftInRegion));
      while (nextOffset < end && verified.isWritten(nextOffset)) {
        nextOffset += unit;
      }
      lengthBytes = (int) (nextOffset - offsetBytes);
      return lengthBytes > 0;
    }

    @Override
    public void ended(Bio ended) {
      boolean well = ended.status() == BioStatus.OK;
      verified.end(IoDirection.READ, offsetBytes, lengthBytes, pages, well);
      if (!well && failure == null) {
        failure = "reading back offset " + offsetBytes + " ended with " + ended.status();
      }
      startNext();
    }
  }
}
