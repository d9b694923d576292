package bench.workload;

import blockdev.bio.Bio;
import blockdev.bio.BioEnd;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;

/**
 * Keeps a fixed number of I/Os under way until a sequence is done: when one ends, the next is
 * submitted in its place, at the same instant. For one thread and one use.
 */
public final class ClosedLoop {
  private final HardwareQueue queue;
  private final HostMemory memory;
  private final ExtentWorkload workload;
  private final IoSequence ios;
  private final KeyGranularity granularity;
  private final KeySet keys;
  private final WaitPoint allEnded = new WaitPoint();
  private int nextIo;
  private int underWay;
  private BioStatus firstFailure = BioStatus.OK;

  /**
   * @param ios those of {@code workload}
   * @param keys as many as {@code granularity} asks for
   */
  public ClosedLoop(
      HardwareQueue queue,
      HostMemory memory,
      ExtentWorkload workload,
      IoSequence ios,
      KeyGranularity granularity,
      KeySet keys) {
    this.queue = queue;
    this.memory = memory;
    this.workload = workload;
    this.ios = ios;
    this.granularity = granularity;
    this.keys = keys;
  }

  /**
   * Runs all I/Os, {@code depth} of them at a time.
   *
   * @throws IllegalStateException if one failed; the others have ended too
   */
  public void run(int depth) {
    underWay = Math.min(depth, ios.count());
    for (int lane = underWay; lane > 0; lane--) {
      new Lane().submitNext();
    }
    queue.await(allEnded);
    if (firstFailure != BioStatus.OK) {
      throw new IllegalStateException("an I/O of the workload ended with " + firstFailure);
    }
  }

  /** One bio with a page of its own, submitted again and again. */
  private final class Lane implements BioEnd {
    private final Bio bio = new Bio(1, this);
    private final long page = memory.allocate(ExtentWorkload.IO_BYTES);

    void submitNext() {
      int index = nextIo++;
      int block = ios.block(index);
      bio.reset(
          ios.isWrite(index) ? BioOp.WRITE : BioOp.READ,
          (long) block * (ExtentWorkload.IO_BYTES >>> QueueLimits.SECTOR_SHIFT));
      bio.addSegment(page, ExtentWorkload.IO_BYTES);
      bio.crypt()
          .set(keys.key(granularity.keyOf(workload, block)), granularity.dunOf(workload, block));
      queue.submit(bio);
    }

    @Override
    public void ended(Bio ended) {
      if (firstFailure == BioStatus.OK) {
        firstFailure = ended.status();
      }
      if (nextIo < ios.count()) {
        submitNext();
      } else if (--underWay == 0) {
        allEnded.signal();
      }
    }
  }
}
