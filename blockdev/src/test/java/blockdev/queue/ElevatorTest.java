package blockdev.queue;

import static blockdev.queue.QueueUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of requests that wait for room in the driver: here it takes 4, and 4 more wait
 * ({@code block/elevator.c}, {@code attempt_merge}).
 */
class ElevatorTest {
  private static final int DEPTH = 4;

  private final QueueUnderTest under =
      QueueUnderTest.withElevator(new QueueLimits(512, 65536, 256), 4, DEPTH);
  private final CryptoKey key = key(1);
  private final CryptoKey otherKey = key(2);

  @BeforeEach
  void fillTheDriver() {
    under.makeResident(key);
    under.makeResident(otherKey);
    for (int i = 0; i < DEPTH; i++) {
      under.submit(under.write(1000 + i * 10L, 512));
    }
    assertThat(under.issued).hasSize(DEPTH);
  }

  @AfterEach
  void close() {
    under.close();
  }

  @Test
  void theDriverHasNoMoreThanItTakesAndGetsTheNextOneForEachThatEnds() {
    under.submit(under.write(0, 512), under.write(10, 512));
    assertThat(under.issued).hasSize(DEPTH);
    under.endOldest(BioStatus.OK);
    assertThat(under.issued).hasSize(DEPTH);
    under.endAll();
    assertThat(under.ended).hasSize(DEPTH + 2);
  }

  @Test
  void requestsLeaveInOneDirectionAndThenFromTheLowestSectorAgain() {
    under.submit(under.write(500, 512), under.write(100, 512));
    under.endOldest(BioStatus.OK);
    assertThat(under.issued.getLast().sector()).isEqualTo(100);
    under.submit(under.write(50, 512), under.write(200, 512));
    List<Long> sectors = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      under.endOldest(BioStatus.OK);
      sectors.add(under.issued.getLast().sector());
    }
    assertThat(sectors).containsExactly(200L, 500L, 50L);
  }

  @Test
  void requestsOfOneSectorLeaveInTheOrderInWhichTheyCame() {
    Bio first = under.write(100, 512);
    Bio second = under.write(100, 1024);
    under.submit(first, second);
    under.endOldest(BioStatus.OK);
    under.endOldest(BioStatus.OK);
    assertThat(under.issued.subList(2, 4))
        .extracting(Request::first)
        .containsExactly(first, second);
  }

  @Test
  void whatMovesNoDataLeavesFirst() {
    under.submit(under.write(100, 512), under.bio(BioOp.FLUSH, 0));
    under.endOldest(BioStatus.OK);
    assertThat(under.issued.getLast().op()).isEqualTo(BioOp.FLUSH);
  }

  @Test
  void aBioIsAppendedToTheWaitingRequestThatItContinues() {
    under.submit(
        under.write(8, 4096, key, 10), under.write(100, 512), under.write(16, 4096, key, 11));
    assertWaiting("8+8192 from 10", "100+512");
    assertThat(under.counters().backMerges()).isEqualTo(1);
  }

  @Test
  void aBioIsPutBeforeTheWaitingRequestThatContinuesItAndGivesItItsNumber() {
    under.submit(
        under.write(8, 4096, key, 10), under.write(100, 512), under.write(0, 4096, key, 9));
    assertWaiting("0+8192 from 9", "100+512");
    assertThat(under.counters().frontMerges()).isEqualTo(1);
  }

  @Test
  void aRequestThatHasGrownPastAnotherAtItsFrontIsSortedAgain() {
    Bio read = under.bio(BioOp.READ, 20);
    read.addSegment(0, 512);
    under.submit(read, under.write(24, 4096), under.write(8, 8192));
    assertWaiting("8+12288", "20+512");
  }

  @Test
  void aBioThatClosesAGapJoinsTwoRequestsAndTheSlotOfTheSecondIsGivenBackOnce() {
    Bio[] bios = {
      under.write(0, 4096, key, 10), under.write(16, 4096, key, 12), under.write(8, 4096, key, 11)
    };
    under.submit(bios);
    assertThat(under.counters().requestMerges()).isEqualTo(1);
    assertWaiting("0+12288 from 10");
    assertThat(under.ended).contains(bios);
    assertSlotIsIdle(key);
  }

  @Test
  void aRequestFromThePlugJoinsTheWaitingOneThatItContinues() {
    under.queue.startPlug();
    under.submit(
        under.write(0, 4096, key, 10), under.write(100, 512), under.write(8, 4096, key, 11));
    assertThat(under.counters().merges()).as("in the plug").isZero();
    under.queue.finishPlug();
    assertThat(under.counters().requestMerges()).isEqualTo(1);
    assertWaiting("0+8192 from 10", "100+512");
    assertSlotIsIdle(key);
  }

  @Test
  void aRequestFromThePlugDoesNotJoinTheWaitingOneThatContinuesIt() {
    under.queue.startPlug();
    under.submit(
        under.write(8, 4096, key, 11), under.write(100, 512), under.write(0, 4096, key, 10));
    under.queue.finishPlug();
    assertWaiting("0+4096 from 10", "8+4096 from 11", "100+512");
  }

  @Test
  void whileItWaitsARequestKeepsItsSlot() {
    under.submit(under.write(0, 4096, key, 10));
    List<Errno> evictions = new ArrayList<>();
    under.keyslots.evict(key, evictions::add);
    assertThat(evictions).containsExactly(Errno.EBUSY);
  }

  @Test
  void requestsWithOtherKeysOrGapsInTheirNumbersOrWithoutAKeyDoNotJoin() {
    under.submit(
        under.write(0, 4096, key, 10),
        under.write(8, 4096, otherKey, 11),
        under.write(16, 4096),
        under.write(24, 4096, key, 12));
    assertWaiting("0+4096 from 10", "8+4096 from 11", "16+4096", "24+4096 from 12");
    assertThat(under.counters().merges() + under.counters().requestMerges()).isZero();
  }

  @Test
  void requestsThatWouldBeTooLargeTogetherDoNotJoin() {
    under.submit(under.write(0, 32768), under.write(72, 32768), under.write(64, 4096));
    assertThat(under.counters().backMerges()).isEqualTo(1);
    assertWaiting("0+36864", "72+32768");
  }

  @Test
  void aTagThatAMergeSetsFreeGoesToABioThatWaits() {
    under.submit(
        under.write(0, 4096),
        under.write(16, 4096),
        under.write(100, 512),
        under.write(200, 512),
        under.write(300, 512));
    assertThat(under.counters().tagWaits()).isEqualTo(1);
    under.submit(under.write(8, 4096));
    assertWaiting("0+12288", "100+512", "200+512", "300+512");
  }

  private void assertSlotIsIdle(CryptoKey resident) {
    List<Errno> evictions = new ArrayList<>();
    under.keyslots.evict(resident, evictions::add);
    assertThat(evictions).containsExactly(Errno.OK);
    resident.close();
    assertThatIllegalStateException().isThrownBy(resident::checkOpen);
  }

  /** Ends all, and says what left the elevator in which order. */
  private void assertWaiting(String... requests) {
    List<String> left = new ArrayList<>();
    for (int i = 0; i < DEPTH + requests.length; i++) {
      Request request = under.issued.getFirst();
      if (i >= DEPTH) {
        left.add(
            request.sector()
                + "+"
                + request.sizeBytes()
                + (request.crypt().isEmpty() ? "" : " from " + request.crypt().dun0()));
      }
      under.endOldest(BioStatus.OK);
    }
    assertThat(under.issued).isEmpty();
    assertThat(left).containsExactly(requests);
  }
}
