package blockdev.queue;

import static blockdev.queue.QueueUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
import inlinecrypt.CryptoKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a bio becomes several requests ({@code bio_split_rw_at}). */
class SplittingTest {
  private static final QueueLimits UP_TO_64_KIB = new QueueLimits(512, 65536, 256);

  @Test
  void whatFitsIsNotSplit() {
    try (QueueUnderTest under = new QueueUnderTest(UP_TO_64_KIB, 1, 8)) {
      under.submit(under.write(0, 65536, key(1), 5));
      under.settle();
      assertThat(under.issued).hasSize(1);
      assertThat(under.counters().splits()).isZero();
    }
  }

  @Test
  void theFrontKeepsTheNumberAndTheRestGoesOnWhereItEnds() {
    try (QueueUnderTest under = new QueueUnderTest(UP_TO_64_KIB, 1, 8)) {
      CryptoKey key = key(1);
      under.makeResident(key);
      under.submit(under.write(10, 65536 + 4096, key, 5));
      under.settle();
      assertThat(under.issued).extracting(Request::sector).containsExactly(10L, 10L + 128);
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(65536, 4096);
      assertThat(under.issued).extracting(r -> r.crypt().dun0()).containsExactly(5L, 5L + 16);
      assertThat(under.issued).allMatch(request -> request.crypt().key() == key);
      assertThat(under.issued).as("one slot").allMatch(request -> request.slot() == 0);
    }
  }

  @Test
  void aSplitBioEndsOnceWithTheFirstErrorOfItsParts() {
    try (QueueUnderTest under = new QueueUnderTest(UP_TO_64_KIB, 1, 8)) {
      Bio bio = under.write(0, 3 * 65536);
      under.submit(bio);
      under.endOldest(BioStatus.OK);
      under.endOldest(BioStatus.MEDIUM);
      assertThat(under.ended).isEmpty();
      under.endOldest(BioStatus.IOERR);
      assertThat(under.ended).containsExactly(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.MEDIUM);
    }
  }

  @Test
  void aRequestHasNoMoreSegmentsThanTheDeviceTakes() {
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(512, 65536, 2), 1, 8)) {
      Bio bio = under.bio(BioOp.WRITE, 0);
      for (int i = 0; i < 5; i++) {
        bio.addSegment(i * 8192L, 4096);
      }
      under.submit(bio);
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(8192, 8192, 4096);
    }
  }

  @Test
  void aGapInsideAPageOfMemorySplits() {
    try (QueueUnderTest under = new QueueUnderTest(UP_TO_64_KIB, 1, 8)) {
      Bio bio = under.bio(BioOp.WRITE, 0);
      bio.addSegment(1024, 3072); // ends on a page
      bio.addSegment(8192, 4096);
      bio.addSegment(16384, 512); // ends inside
      bio.addSegment(32768, 4096);
      under.submit(bio);
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(7680, 4096);
    }
  }

  @Test
  void aGapInsideABlockCannotBeSplit() {
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(4096, 65536, 256), 1, 8)) {
      Bio bio = under.bio(BioOp.WRITE, 0);
      bio.addSegment(0, 2048);
      bio.addSegment(8192, 2048);
      under.submit(bio);
      assertThat(under.ended).containsExactly(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
    }
  }

  @Test
  void aSplitInsideADataUnitGoesOutWithAPartOfItAndTheRestIsRefused() {
    // The limit is 9 sectors. The rest, 7 + 8 sectors in two segments, starts inside a unit.
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(512, 4608, 256), 1, 8)) {
      Bio bio = under.bio(BioOp.WRITE, 0);
      bio.addSegment(0, 8192);
      bio.addSegment(16384, 4096);
      bio.crypt().set(key(1), 0);
      under.submit(bio);
      under.settle();
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(4608);
      under.endAll();
      assertThat(under.ended).containsExactly(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
    }
  }

  @Test
  void theRestOfASplitInsideADataUnitIsRefusedInOneSegmentToo() {
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(512, 4608, 256), 1, 8)) {
      Bio bio = under.write(0, 8192, key(1), 0);
      under.submit(bio);
      under.endAll();
      assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
      assertThat(bio.crypt().dun0()).as("the lost part of a unit").isEqualTo(1);
    }
  }

  @Test
  void aBioThatMustNotWaitIsNotSplit() {
    try (QueueUnderTest under = new QueueUnderTest(UP_TO_64_KIB, 1, 8)) {
      Bio fits = under.write(0, 65536).noWait();
      Bio large = under.write(1000, 65536 + 512).noWait();
      under.submit(fits, large);
      assertThat(under.ended).containsExactly(large);
      assertThat(large.status()).isEqualTo(BioStatus.AGAIN);
      assertThat(under.issued).extracting(Request::sector).containsExactly(0L);
    }
  }

  @Test
  void aFrontDoesNotMergeButTheRestDoes() {
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(512, 65536, 3), 1, 8)) {
      Bio large = under.bio(BioOp.WRITE, 8);
      for (int i = 0; i < 4; i++) {
        large.addSegment(i * 8192L, 4096);
      }
      under.queue.startPlug();
      under.submit(under.write(0, 512), large, under.write(40, 4096));
      under.queue.finishPlug();
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(512, 12288, 8192);
    }
  }

  @Test
  void aMisalignedSegmentBehindASplitIsFoundAfterTheFrontHasGone() {
    try (QueueUnderTest under = new QueueUnderTest(UP_TO_64_KIB, 1, 8)) {
      Bio bio = under.bio(BioOp.WRITE, 0);
      bio.addSegment(0, 65536);
      bio.addSegment(1 << 20, 4096);
      bio.addSegment(2 << 20, 512);
      bio.crypt().set(key(1), 0);
      under.submit(bio);
      under.settle();
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(65536);
      assertThat(under.ended).isEmpty();
      under.endAll();
      assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
    }
  }

  @Test
  void aRangeWithoutDataIsCutToWhatTheDeviceTakes() {
    try (QueueUnderTest under =
        new QueueUnderTest(new QueueLimits(4096, 65536, 2).withRanges(64, 16), 1, 8)) {
      Bio zeroes = under.bio(BioOp.WRITE_ZEROES, 8).range(40);
      Bio discard = under.bio(BioOp.DISCARD, 128).range(64);
      under.submit(zeroes, discard);
      under.settle();
      assertThat(under.issued).extracting(Request::sector).containsExactly(8L, 24L, 40L, 128L);
      assertThat(under.issued)
          .extracting(Request::sizeBytes)
          .containsExactly(8192, 8192, 4096, 32768);
      assertThat(under.ended).isEmpty();
      under.endAll();
      assertThat(under.ended).containsExactlyInAnyOrder(zeroes, discard);
    }
  }

  /** Requests are as large as the limits allow, and together they are the bio. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void requestsCoverTheBioAndNoneCouldBeLarger(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      QueueLimits limits =
          new QueueLimits(512, 4096 * (1 + random.nextInt(16)), 1 + random.nextInt(8));
      try (QueueUnderTest under = new QueueUnderTest(limits, 1, 600)) {
        Bio bio = under.bio(BioOp.READ, 0);
        List<Long> bytes = new ArrayList<>(); // host offset of each 512-byte piece
        for (int i = 0; i <= random.nextInt(20); i++) {
          long offset = random.nextInt(1 << 10) * 16384L + (random.nextInt(4) == 0 ? 512 : 0);
          int length = 512 * (1 + random.nextInt(16)) + (random.nextBoolean() ? 4096 : 0);
          bio.addSegment(offset, length);
          for (int done = 0; done < length; done += 512) {
            bytes.add(offset + done);
          }
        }
        under.submit(bio);

        int pieces = 0;
        for (Request request : under.issued) {
          int count = request.sizeBytes() / 512;
          assertThat(request.sector()).isEqualTo(pieces);
          assertThat(pieces(request)).isEqualTo(bytes.subList(pieces, pieces + count));
          assertThat(fits(limits, bytes.subList(pieces, pieces + count))).isTrue();
          pieces += count;
          if (pieces < bytes.size()) {
            assertThat(fits(limits, bytes.subList(pieces - count, pieces + 1)))
                .as("seed %d round %d: one more block", seed, round)
                .isFalse();
          }
        }
        assertThat(pieces).isEqualTo(bytes.size());
      }
    }
  }

  private static boolean fits(QueueLimits limits, List<Long> pieces) {
    int segments = 1;
    for (int i = 1; i < pieces.size(); i++) {
      long end = pieces.get(i - 1) + 512;
      if (end != pieces.get(i)) {
        segments++;
        if (end % 4096 != 0 || pieces.get(i) % 4096 != 0) {
          return false;
        }
      }
    }
    return segments <= limits.maxSegments() && pieces.size() * 512 <= limits.maxBytes();
  }

  private static List<Long> pieces(Request request) {
    List<Long> pieces = new ArrayList<>();
    SegmentCursor cursor = new SegmentCursor();
    cursor.start(request.first());
    while (cursor.next()) {
      for (long at = cursor.hostOffset(); at < cursor.endOffset(); at += 512) {
        pieces.add(at);
      }
    }
    return pieces;
  }
}
