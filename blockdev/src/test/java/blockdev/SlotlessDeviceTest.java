package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device in the shape of Samsung's FMP, which takes its key with each command. */
class SlotlessDeviceTest {
  private final KeyedDevice device = new KeyedDevice(DeviceModel.fmp());
  private final byte[] rawKey = new byte[64];
  private final byte[] plaintext = new byte[16 * KeyedDevice.UNIT];
  private final CryptoKey key;

  SlotlessDeviceTest() {
    Random random = new Random(1);
    random.nextBytes(rawKey);
    random.nextBytes(plaintext);
    key = KeyedDevice.raw(rawKey);
  }

  @AfterEach
  void close() {
    device.close();
    key.close();
  }

  @Test
  void dataIsCiphertextOnTheMediumAndReadBackWithoutAnyKeyslot() {
    assertThat(device.write(key, plaintext)).isEqualTo(BioStatus.OK);
    assertThat(device.onMedium(plaintext.length))
        .isEqualTo(KeyedDevice.ciphertext(rawKey, plaintext));
    assertThat(device.read(key, plaintext.length)).isEqualTo(plaintext);
    assertThat(device.simulation.queue().keyslots().counters().programs()).isZero();
    assertThat(device.evict(key)).isEqualTo(Errno.OK);
  }

  @Test
  void theKeyIsInHostMemoryWhileItsCommandIsUnderWayAndNoLonger() {
    for (int half = 0; half < 2; half++) {
      byte[] part = Arrays.copyOfRange(rawKey, 32 * half, 32 * half + 32);
      WaitPoint done = new WaitPoint();
      Bio bio = device.start(BioOp.WRITE, key, device.page, 4096, done);
      assertThat(device.countInHostMemory(part)).isEqualTo(1);
      device.queue.await(done);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      assertThat(device.countInHostMemory(part)).isZero();
    }
  }

  @Test
  void aSegmentThatIsNotOneDataUnitFailsAndNoKeyRemainsInHostMemory() {
    try (KeyedDevice small = new KeyedDevice(DeviceModel.fmp().withLogicalBlockBytes(512))) {
      WaitPoint done = new WaitPoint();
      Bio shorter = small.start(BioOp.WRITE, key, small.page, 512, done);
      assertThat(small.countInHostMemory(rawKey)).isEqualTo(1);
      small.queue.await(done);
      assertThat(shorter.status()).isEqualTo(BioStatus.IOERR);
      assertThat(small.countInHostMemory(rawKey)).isZero();

      assertThat(small.run(BioOp.WRITE, key, small.page + 512, 4096)).isEqualTo(BioStatus.INVAL);
      assertThat(small.countInHostMemory(rawKey)).isZero();
      assertThat(small.onMedium(8192)).containsOnly(0);
    }
  }

  @Test
  void ofANumberWiderThanTheKeySaysTheUpperLimbsDoNotReachTheDevice() {
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 0);
    bio.addSegment(device.page, 4096);
    bio.crypt().set(key, 7, 0, 5, 6);
    device.queue.submit(bio);
    device.queue.await(done);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(device.onMedium(4096)).isEqualTo(KeyedDevice.ciphertext(rawKey, new byte[4096]));
  }

  @Test
  void aKeyInUseByACommandCannotBeClosed() {
    WaitPoint done = new WaitPoint();
    device.start(BioOp.WRITE, key, device.page, 4096, done);
    assertThatIllegalStateException().isThrownBy(key::close);
    device.queue.await(done);
    key.close();
  }

  @Test
  void aKeyClosedBeforeItsCommandIsIssuedFailsTheBio() {
    WaitPoint done = new WaitPoint();
    device.queue.startPlug();
    Bio bio = device.start(BioOp.WRITE, key, device.page, 4096, done);
    key.close();
    device.queue.finishPlug();
    device.queue.await(done);
    assertThat(bio.status()).isEqualTo(BioStatus.IOERR);
    assertThat(device.onMedium(4096)).containsOnly(0);
  }

  @Test
  void itsQueueTakesMemoryByPagesOnly() {
    QueueLimits limits = device.simulation.queue().limits();
    assertThat(limits.dmaAlignmentBytes()).as("mask 4095").isEqualTo(4096);
    assertThat(limits.maxSegments() * 4096).isEqualTo(limits.maxBytes());
  }

  @Test
  void segmentsThatStartInsideAPageAreInvalInPlainBiosToo() {
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(2, ended -> done.signal()).reset(BioOp.WRITE, 0);
    bio.addSegment(device.page + 2048, 2048);
    bio.addSegment(device.page + 8192, 2048);
    device.queue.submit(bio);
    device.queue.await(done);
    assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
  }

  @Test
  void aResetLosesNothing() {
    device.write(key, plaintext);
    assertThat(device.await(device.simulation::resetController)).isEqualTo(Errno.OK);
    assertThat(device.read(key, plaintext.length)).isEqualTo(plaintext);
  }
}
