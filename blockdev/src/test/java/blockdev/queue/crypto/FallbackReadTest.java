package blockdev.queue.crypto;

import static blockdev.queue.crypto.FallbackUnderTest.PAGE;
import static blockdev.queue.crypto.FallbackUnderTest.encrypted;
import static blockdev.queue.crypto.FallbackUnderTest.xts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that are decrypted in software. */
class FallbackReadTest {
  private final FallbackUnderTest under = new FallbackUnderTest();

  @AfterEach
  void close() {
    under.close();
  }

  /** Puts ciphertext of random bytes on the medium, and returns the bytes. */
  private byte[] prepare(int keyNumber, long dun, long sector, int bytes) {
    byte[] plaintext = new byte[bytes];
    new Random(bytes).nextBytes(plaintext);
    System.arraycopy(
        encrypted(keyNumber, dun, plaintext), 0, under.medium, (int) sector * 512, bytes);
    return plaintext;
  }

  @Test
  void decryptionIsNotInTheDevicesEventButInALaterOne() {
    byte[] plaintext = prepare(1, 7, 8, PAGE);
    CryptoKey key = under.startedKey(1);
    under.submitAndSettle(under.pageBio(BioOp.READ, 800, key, 7)); // now the key is in a slot
    under.commands.clear();
    under.ended.clear();
    Bio bio = under.pageBio(BioOp.READ, 8, key, 7);
    List<byte[]> inTheEvent = new ArrayList<>();
    under.afterEnd =
        () -> {
          assertThat(under.ended).isEmpty();
          inTheEvent.add(under.content(bio));
        };
    under.submitAndSettle(bio);
    assertThat(inTheEvent).containsExactly(under.onMedium(8, PAGE));
    assertThat(under.ended).containsExactly(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.content(bio)).isEqualTo(plaintext);
    assertThat(under.commands)
        .containsExactly(
            new FallbackUnderTest.Command(BioOp.READ, 8, PAGE, false, false, false, true));
    assertThat(under.fallback.counters()).isEqualTo(new FallbackCounters(0, 2, 0, 0));
  }

  @Test
  void afterAnErrorOfTheDeviceNothingIsDecrypted() {
    under.faults = (op, sector) -> BioStatus.MEDIUM;
    CryptoKey key = under.startedKey(1);
    Bio bio = under.pageBio(BioOp.READ, 8, key, 7);
    byte[] before = under.content(bio);
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.MEDIUM);
    assertThat(under.content(bio)).isEqualTo(before);
    assertThat(under.fallback.keyslotCounters().programs()).isZero();
    key.close();
  }

  @Test
  void aMisalignedSegmentIsFoundOnlyWhenTheDeviceHasRead() {
    byte[] plaintext = prepare(1, 0, 0, 2 * PAGE);
    Bio bio = under.pageBio(BioOp.READ, 0, under.startedKey(1), 0);
    bio.addSegment(under.randomMemory(PAGE), 512);
    under.submitAndSettle(bio);
    assertThat(under.commands)
        .extracting(FallbackUnderTest.Command::bytes)
        .containsExactly(PAGE + 512);
    assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
    assertThat(under.content(bio))
        .as("decrypted as far as it was aligned")
        .startsWith(plaintext[0], plaintext[1], plaintext[2])
        .endsWith(under.onMedium(8, 512));
  }

  @Test
  void aDataUnitLargerThanAPageIsFoundOnlyWhenTheDeviceHasRead() {
    Bio bio = under.bio(BioOp.READ, 0, under.started(xts(8192), 1), 0);
    bio.addSegment(under.randomMemory(8192), 8192);
    under.submitAndSettle(bio);
    assertThat(under.commands).hasSize(1);
    assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
  }

  @Test
  void aReadThatTheDeviceHasToSplitIsDecryptedAsAWhole() {
    byte[] plaintext = prepare(1, -3, 16, 600 * PAGE);
    Bio bio = under.bigBio(BioOp.READ, 16, under.startedKey(1), -3, 600);
    under.submitAndSettle(bio);
    assertThat(under.commands).hasSize(3);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.content(bio)).isEqualTo(plaintext);
  }

  @Test
  void theKeyIsInUseUntilTheReadHasEnded() {
    prepare(1, 0, 0, PAGE);
    CryptoKey key = under.startedKey(1);
    under.holding = true;
    Bio bio = under.pageBio(BioOp.READ, 0, key, 0);
    under.submitAndSettle(bio);
    assertThatIllegalStateException().isThrownBy(key::close);
    under.release();
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    List<Errno> results = new ArrayList<>();
    under.crypto.evict(under.device, key, results::add);
    assertThat(results).containsExactly(Errno.OK);
    key.close();
  }

  @Test
  void aReadWaitsForASlotWhenAllAreBusy() {
    byte[] plaintext = prepare(200, 0, 4096, PAGE);
    long page = under.randomMemory(PAGE);
    Bio read = under.pageBio(BioOp.READ, 4096, under.startedKey(200), 0);
    under.takeAllBouncePages();
    under.startWriters(100, page);
    under.submitAndSettle(read);
    assertThat(under.ended).as("the read has no slot").isEmpty();
    assertThat(under.fallback.keyslotCounters().sleeps()).isEqualTo(1);
    under.release();
    assertThat(read.status()).isEqualTo(BioStatus.OK);
    assertThat(under.ended).hasSize(102).contains(read);
    assertThat(under.content(read)).isEqualTo(plaintext);
  }
}
