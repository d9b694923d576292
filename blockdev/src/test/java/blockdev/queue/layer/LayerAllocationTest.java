package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.queue.BioSubmitter;
import blockdev.queue.layer.StripedTarget.Stripe;
import com.sun.management.ThreadMXBean;
import inlinecrypt.CryptoKey;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A layer allocates nothing in steady state, not even for a bio that it cuts into pieces. */
class LayerAllocationTest {
  private static final int SLACK_BYTES = 1000; // for the measurement itself
  private static final int MOST_BATCHES = 30;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long ends;

  @Test
  void aBioThatIsCutIntoEightClonesAllocatesNothing() {
    try (Disks disks =
        new Disks(
            SimulationConfig.defaults().withImmediateTime(),
            1 << 20,
            Disks.SMALL_BLOCKS,
            Disks.SMALL_BLOCKS)) {
      MappedDevice device =
          disks.mapped(
              new MappingTable(
                  new StripedTarget(
                      4096 - 2 * 8,
                      8,
                      List.of(new Stripe(disks.device(0), 3), new Stripe(disks.device(1), 5)))));
      BioSubmitter submitter = device.submitter();
      CryptoKey key = Disks.key(1, 512);
      Bio bio = new Bio(1, this::ended);
      long run = device.memory().allocate(65536);
      long allocated = Long.MAX_VALUE;
      for (int batch = 1; batch <= MOST_BATCHES && allocated >= SLACK_BYTES; batch++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 4000; i++) {
          bio.reset(i % 2 == 0 ? BioOp.WRITE : BioOp.READ, i % 60 * 64).addSegment(run, 32768);
          bio.crypt().set(key, i);
          submitter.submit(bio);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(ends).isEqualTo(batch * 4000L);
      }
      assertThat(allocated).as("bytes in 4000 bios").isLessThan(SLACK_BYTES);
      assertThat(disks.device(0).counters().bios()).isEqualTo(4 * ends);
    }
  }

  private void ended(Bio bio) {
    if (bio.status() != BioStatus.OK) {
      throw new AssertionError(bio.status());
    }
    ends++;
  }
}
