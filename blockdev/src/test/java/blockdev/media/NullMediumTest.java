package blockdev.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.queue.BlockQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a device on a medium without bytes does is what it does on any other, but for the bytes. */
class NullMediumTest {
  private static final long TEBIBYTE = 1L << 40;

  @Test
  void itHasACapacityAndNoBytes() {
    try (NullMedium medium = new NullMedium(TEBIBYTE)) {
      assertThat(medium.capacityBytes()).isEqualTo(TEBIBYTE);
      assertThat(medium.carriesBytes()).isFalse();
      assertThatThrownBy(medium::segment).isInstanceOf(UnsupportedOperationException.class);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new NullMedium(0));
  }

  @Test
  void commandsMoveNothingAndHaveTheTimesAndSlotsOfOthers() {
    try (MemoryMedium bytes = new MemoryMedium(1 << 20);
        NullMedium none = new NullMedium(1 << 20)) {
      long withBytes = writeAndReadBack(bytes, false);
      assertThat(writeAndReadBack(none, true)).isEqualTo(withBytes);
    }
  }

  /** Returns the hash of the event log. */
  private static long writeAndReadBack(Medium medium, boolean expectUntouched) {
    try (Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      CryptoConfig config = new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8);
      byte[] raw = new byte[64];
      new Random(1).nextBytes(raw);
      try (CryptoKey key = new CryptoKey(config, raw)) {
        BlockQueue queue = simulation.queue();
        long page = queue.memory().allocate(4096);
        queue.memory().segment().set(ValueLayout.JAVA_BYTE, page, (byte) 42);
        for (BioOp op : new BioOp[] {BioOp.WRITE, BioOp.READ}) {
          WaitPoint ended = new WaitPoint();
          Bio bio = new Bio(1, each -> ended.signal());
          bio.reset(op, 8);
          bio.addSegment(page, 4096);
          bio.crypt().set(key, 7);
          queue.submitter().submit(bio);
          queue.submitter().await(ended);
          assertThat(bio.status()).isEqualTo(BioStatus.OK);
          if (op == BioOp.WRITE && expectUntouched) {
            queue.memory().segment().set(ValueLayout.JAVA_BYTE, page, (byte) 43);
          }
        }
        assertThat(queue.memory().segment().get(ValueLayout.JAVA_BYTE, page))
            .isEqualTo((byte) (expectUntouched ? 43 : 42));
        WaitPoint evicted = new WaitPoint();
        queue.evict(key, done -> evicted.signal());
        queue.submitter().await(evicted);
      }
      return simulation.eventLogHash();
    }
  }
}
