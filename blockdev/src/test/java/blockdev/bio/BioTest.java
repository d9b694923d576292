package blockdev.bio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BioTest {
  private final List<Bio> ended = new ArrayList<>();

  @Test
  void memoryThatContinuesTheLastSegmentBecomesPartOfIt() {
    Bio bio = bio(2);
    assertThat(bio.addSegment(4096, 4096)).isTrue();
    assertThat(bio.addSegment(8192, 512)).isTrue();
    assertThat(bio.addSegment(65536, 512)).isTrue();
    assertThat(segments(bio)).containsExactly("4096+4608", "65536+512");
    assertThat(bio.sizeBytes()).isEqualTo(5120);
    assertThat(bio.endSector()).isEqualTo(100 + 10);
  }

  @Test
  void aFullBioTakesNoMoreSegments() {
    Bio bio = bio(1);
    bio.addSegment(0, 4096);
    assertThat(bio.addSegment(65536, 4096)).isFalse();
    assertThat(bio.sizeBytes()).isEqualTo(4096);
    assertThat(bio.addSegment(4096, 4096)).as("continues the segment").isTrue();
  }

  @Test
  void badArgumentsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> bio(-1)).withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> bio(257)).withMessageContaining("257");
    Bio bio = bio(2);
    assertThatIllegalArgumentException().isThrownBy(() -> bio.addSegment(0, 0));
    bio.addSegment(0, Integer.MAX_VALUE);
    assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> bio.addSegment(1L, 1));
    assertThat(segments(bio)).containsExactly("0+" + Integer.MAX_VALUE);
  }

  @Test
  void resettingMakesAnEmptyPlainBio() {
    Bio bio = bio(1).forceUnitAccess().noWait();
    bio.addSegment(0, 4096);
    bio.crypt().set(key(4096), 5);
    bio.endPart(BioStatus.IOERR);
    bio.reset(BioOp.READ, 8);
    assertThat(bio.op()).isEqualTo(BioOp.READ);
    assertThat(bio.sector()).isEqualTo(8);
    assertThat(bio.sizeBytes()).isZero();
    assertThat(bio.isForceUnitAccess()).isFalse();
    assertThat(bio.isNoWait()).isFalse();
    assertThat(bio.crypt().isEmpty()).isTrue();
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
  }

  @Test
  void theFrontKeepsTheNumberAndTheRestMovesOn() {
    Bio bio = bio(2).forceUnitAccess();
    CryptoKey key = key(4096);
    bio.addSegment(0, 65536);
    bio.addSegment(1 << 20, 4096);
    bio.crypt().set(key, 7);
    Bio front = new Bio(0, ended::add);
    bio.splitInto(front, 65536);

    assertThat(front.sector()).isEqualTo(100);
    assertThat(front.op()).isEqualTo(BioOp.WRITE);
    assertThat(front.isForceUnitAccess()).isTrue();
    assertThat(front.crypt().dun()).isEqualTo(DataUnitNumber.of(7));
    assertThat(front.crypt().key()).isSameAs(key);
    assertThat(segments(front)).containsExactly("0+65536");
    assertThat(bio.sector()).isEqualTo(100 + 128);
    assertThat(bio.crypt().dun()).isEqualTo(DataUnitNumber.of(7 + 16));
    assertThat(bio.crypt().key()).isSameAs(key);
    assertThat(segments(bio)).containsExactly("1048576+4096");
  }

  @Test
  void aSplitInsideADataUnitLosesThePart() {
    Bio bio = bio(1);
    bio.addSegment(0, 8192);
    bio.crypt().set(key(4096), 7);
    bio.splitInto(new Bio(0, ended::add), 7 * 512);
    assertThat(bio.crypt().dun()).isEqualTo(DataUnitNumber.of(7));
  }

  @Test
  void aBioEndsOnceAllItsPartsHaveWithTheFirstError() {
    Bio bio = bio(1);
    bio.addSegment(0, 12288);
    Bio front = new Bio(0, part -> {});
    Bio second = new Bio(0, part -> {});
    bio.splitInto(front, 4096);
    bio.splitInto(second, 4096);

    bio.endPart(BioStatus.OK);
    second.endPart(BioStatus.MEDIUM);
    assertThat(ended).isEmpty();
    front.endPart(BioStatus.TIMEOUT);
    assertThat(ended).containsExactly(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.MEDIUM);
  }

  @Test
  void aBioCanBeUsedAgainInItsOwnEnd() {
    int[] rounds = {0};
    Bio bio =
        new Bio(
            1,
            self -> {
              if (++rounds[0] < 3) {
                self.reset(BioOp.READ, 0).addSegment(0, 4096);
                self.endPart(BioStatus.OK);
              }
            });
    bio.reset(BioOp.READ, 0).endPart(BioStatus.OK);
    assertThat(rounds[0]).isEqualTo(3);
  }

  /** Parts cut at random are what a naive walk over the bytes gives, and join to the original. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void partsContinueOneAnotherAndJoinToTheOriginal(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      int unitBytes = random.nextBoolean() ? 512 : 4096;
      Bio bio = new Bio(16, ended::add).reset(BioOp.WRITE, random.nextInt(1000));
      List<Long> bytes = new ArrayList<>(); // host offset of each 512-byte piece
      for (int i = 0; i <= random.nextInt(16); i++) {
        long offset = random.nextInt(1 << 16) * 4096L;
        int length = 4096 * (1 + random.nextInt(4));
        bio.addSegment(offset, length);
        for (int done = 0; done < length; done += 512) {
          bytes.add(offset + done);
        }
      }
      bio.crypt().set(key(unitBytes), -1 - random.nextInt(20), random.nextLong(), 3, 4);
      final long firstSector = bio.sector();
      CryptoContext expected = new CryptoContext();
      expected.copyFrom(bio.crypt());

      int done = 0;
      List<Bio> parts = new ArrayList<>();
      while (bio.sizeBytes() > unitBytes && random.nextInt(5) > 0) {
        Bio front = new Bio(0, ended::add);
        int units = 1 + random.nextInt(bio.sizeBytes() / unitBytes - 1);
        bio.splitInto(front, units * unitBytes);
        parts.add(front);
      }
      parts.add(bio);
      for (int i = 0; i < parts.size(); i++) {
        Bio part = parts.get(i);
        assertThat(part.sector()).isEqualTo(firstSector + done / 512);
        assertThat(part.crypt().dun()).isEqualTo(expected.dun());
        assertThat(pieces(part))
            .as("seed %d round %d", seed, round)
            .isEqualTo(bytes.subList(done / 512, (done + part.sizeBytes()) / 512));
        if (i > 0) {
          Bio before = parts.get(i - 1);
          assertThat(before.endSector()).isEqualTo(part.sector());
          assertThat(before.crypt().continuesInto(part.crypt(), before.sizeBytes())).isTrue();
        }
        expected.advance(part.sizeBytes());
        done += part.sizeBytes();
      }
      assertThat(done / 512).isEqualTo(bytes.size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OK, OK",
    "EOPNOTSUPP, NOTSUPP",
    "ETIMEDOUT, TIMEOUT",
    "ENOSPC, NOSPC",
    "ENOLINK, TRANSPORT",
    "EREMOTEIO, TARGET",
    "EBADE, RESV_CONFLICT",
    "ENODATA, MEDIUM",
    "EILSEQ, PROTECTION",
    "ENOMEM, RESOURCE",
    "EBUSY, DEV_RESOURCE",
    "EAGAIN, AGAIN",
    "ENODEV, OFFLINE",
    "ETOOMANYREFS, ZONE_OPEN_RESOURCE",
    "EOVERFLOW, ZONE_ACTIVE_RESOURCE",
    "ETIME, DURATION_LIMIT",
    "EINVAL, INVAL",
    "EIO, IOERR",
    "ENOKEY, IOERR"
  })
  void anErrorNumberBecomesTheStatusThatLinuxGivesIt(Errno errno, BioStatus status) {
    assertThat(BioStatus.of(errno)).isEqualTo(status);
  }

  @Test
  void everyErrorNumberHasAStatusAndEveryStatusANumber() {
    assertThat(Arrays.stream(Errno.values()).map(BioStatus::of).distinct())
        .containsExactlyInAnyOrder(BioStatus.values());
  }

  @ParameterizedTest
  @CsvSource({
    "256, 4096, 1",
    "1536, 6144, 1",
    "8192, 8192, 1",
    "512, 512, 1",
    "4096, 6144, 1",
    "512, 4096, 0"
  })
  void limitsThatNoDeviceHasAreRefused(int blockBytes, int maxBytes, int maxSegments) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QueueLimits(blockBytes, maxBytes, maxSegments));
  }

  private Bio bio(int maxSegments) {
    return new Bio(maxSegments, ended::add).reset(BioOp.WRITE, 100);
  }

  private static List<String> segments(Bio bio) {
    List<String> segments = new ArrayList<>();
    SegmentCursor cursor = new SegmentCursor();
    cursor.start(bio);
    while (cursor.next()) {
      segments.add(cursor.hostOffset() + "+" + cursor.lengthBytes());
    }
    return segments;
  }

  private static List<Long> pieces(Bio bio) {
    List<Long> pieces = new ArrayList<>();
    SegmentCursor cursor = new SegmentCursor();
    cursor.start(bio);
    while (cursor.next()) {
      for (long at = cursor.hostOffset(); at < cursor.endOffset(); at += 512) {
        pieces.add(at);
      }
    }
    return pieces;
  }

  private static CryptoKey key(int dataUnitSizeBytes) {
    byte[] raw = new byte[64];
    raw[0] = 1;
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, dataUnitSizeBytes, 16), raw);
  }

  @Test
  void limitsSayWhatARangeWithoutDataMayHave() {
    QueueLimits limits = new QueueLimits(4096, 65536, 16).withRanges(64, 16);
    assertThat(limits.maxRangeSectors(BioOp.DISCARD)).isEqualTo(64);
    assertThat(limits.maxRangeSectors(BioOp.WRITE_ZEROES)).isEqualTo(16);
    assertThat(limits.maxRangeSectors(BioOp.SECURE_ERASE)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> limits.maxRangeSectors(BioOp.WRITE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withRanges(60, 16))
        .withMessageContaining("60 and 16");
    assertThatIllegalArgumentException().isThrownBy(() -> limits.withRanges(0, -8));
  }
}
