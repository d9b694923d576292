package blockdev.fs;

import blockdev.bio.Bio;
import blockdev.bio.BioEnd;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.queue.BioSubmitter;
import blockdev.sim.WaitPoint;
import inlinecrypt.Errno;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Bios that one thread submits together and waits for together. They are plugged until then, so
 * that neighbours merge.
 *
 * <p>Get one with {@link Pool#begin}; {@link #await} gives it back.
 */
final class IoBatch {
  /** Bytes that one bio moves at most. */
  static final int MAX_BIO_BYTES = 4 << 20;

  static final int MAX_BIO_BLOCKS = MAX_BIO_BYTES / Superblock.BLOCK_BYTES;

  private static final int SECTORS_PER_BLOCK = Superblock.BLOCK_BYTES / 512;
  private static final int SEGMENTS = 128;

  private final Pool pool;
  private final BioSubmitter queue;
  private final WaitPoint allEnded = new WaitPoint();
  private int underWay;
  private BioStatus worst = BioStatus.OK;
  private String worstBio = "";

  private IoBatch(Pool pool, BioSubmitter queue) {
    this.pool = pool;
    this.queue = queue;
    queue.startPlug();
  }

  /** An empty bio at {@code deviceBlock}, for {@link #submit}. */
  Bio bio(BioOp op, long deviceBlock) {
    Slot slot = pool.free.isEmpty() ? new Slot(this) : pool.free.pop();
    slot.batch = this;
    slot.bio.reset(op, deviceBlock * SECTORS_PER_BLOCK);
    return slot.bio;
  }

  void submit(Bio bio) {
    underWay++;
    queue.submit(bio);
  }

  private void ended(Bio bio) {
    if (bio.status() != BioStatus.OK && worst == BioStatus.OK) {
      worst = bio.status();
      worstBio = bio.op() + " of sector " + bio.sector();
    }
    if (--underWay == 0) {
      allEnded.signal();
    }
  }

  /**
   * Waits until all bios have ended.
   *
   * @throws FsException EIO, or what the first failed bio's status means
   */
  void await() {
    queue.finishPlug();
    while (underWay > 0) {
      queue.await(allEnded);
      allEnded.reset();
    }
    if (worst != BioStatus.OK) {
      throw new FsException(
          worst == BioStatus.NOSPC ? Errno.ENOSPC : Errno.EIO, worstBio + " ended with " + worst);
    }
  }

  /** Bios to use again. */
  static final class Pool {
    private final Supplier<BioSubmitter> submitters;
    private final ArrayDeque<Slot> free = new ArrayDeque<>();

    /** {@code submitters} gives the calling thread's way into the device. */
    Pool(Supplier<BioSubmitter> submitters) {
      this.submitters = submitters;
    }

    IoBatch begin() {
      return new IoBatch(this, submitters.get());
    }
  }

  /** A bio that knows whose it is at the moment. */
  private static final class Slot implements BioEnd {
    final Bio bio = new Bio(SEGMENTS, this);
    private IoBatch batch;

    Slot(IoBatch batch) {
      this.batch = batch;
    }

    @Override
    public void ended(Bio ended) {
      batch.ended(ended);
      batch.pool.free.push(this);
    }
  }
}
