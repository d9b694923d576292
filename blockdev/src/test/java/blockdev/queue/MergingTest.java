package blockdev.queue;

import static blockdev.queue.QueueUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import inlinecrypt.CryptoKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which bios become one request, and when a plug lets go ({@code bio_crypt_ctx_mergeable}). */
class MergingTest {
  private final QueueUnderTest under = new QueueUnderTest();
  private final CryptoKey key = key(1);
  private final CryptoKey equalKey = key(1);

  @BeforeEach
  void putKeysIntoSlots() {
    under.makeResident(key);
    under.makeResident(equalKey);
  }

  @AfterEach
  void close() {
    under.close();
  }

  @Test
  void aBioThatContinuesARequestIsAppendedAndTakesNoSlotOfItsOwn() {
    Bio first = under.write(0, 4096, key, 10);
    Bio second = under.write(8, 8192, key, 11);
    plugged(first, second);
    assertThat(under.issued).hasSize(1);
    Request request = under.issued.getFirst();
    assertThat(request.sizeBytes()).isEqualTo(12288);
    assertThat(request.crypt().dun0()).isEqualTo(10);
    assertThat(under.counters().backMerges()).isEqualTo(1);
    assertThat(under.keyslots.counters().hits()).as("slots borrowed").isEqualTo(1);

    under.endAll();
    assertThat(under.ended).containsExactly(first, second);
  }

  @Test
  void aBioThatARequestContinuesGoesInFrontAndGivesItItsNumber() {
    Bio back = under.write(8, 4096, key, 11);
    Bio front = under.write(0, 8 * 512, key, 10);
    plugged(back, front);
    assertThat(under.issued).hasSize(1);
    Request request = under.issued.getFirst();
    assertThat(request.sector()).isZero();
    assertThat(request.crypt().dun0()).isEqualTo(10);
    assertThat(request.slot()).isZero();
    assertThat(under.counters().frontMerges()).isEqualTo(1);

    under.endAll();
    assertThat(under.ended).containsExactly(front, back);
  }

  @Test
  void aNumberMayCarryIntoTheNextLimbAtTheSeam() {
    Bio next = under.write(8, 4096);
    next.crypt().set(key, 0, 1, 0, 0);
    plugged(under.write(0, 4096, key, -1), next);
    assertThat(under.issued).hasSize(1);
  }

  @Test
  void aNumberThatWrapsAt256BitsDoesNotMerge() {
    Bio last = under.write(0, 4096);
    last.crypt().set(key, -1, -1, -1, -1);
    plugged(last, under.write(8, 4096, key, 0));
    assertThat(under.issued).hasSize(2);
  }

  @Test
  void aGapBetweenTheNumbersMakesTwoRequestsThatShareTheSlot() {
    plugged(under.write(0, 4096, key, 10), under.write(8, 4096, key, 12));
    assertThat(under.issued).extracting(Request::slot).containsExactly(0, 0);
    assertThat(under.keyslots.counters().hits()).as("slots borrowed").isEqualTo(2);
  }

  @Test
  void neighbouringExtentsWithTheirOwnKeysAreTwoRequestsInTwoSlotsFromTheirOwnNumbers() {
    plugged(under.write(0, 4096, key, 9), under.write(8, 4096, equalKey, 0));
    assertThat(under.issued).extracting(Request::slot).containsExactly(0, 1);
    assertThat(under.issued).extracting(r -> r.crypt().dun0()).containsExactly(9L, 0L);
  }

  @Test
  void equalBytesAreNotTheSameKey() {
    assertApart(under.write(0, 4096, key, 0), under.write(8, 4096, equalKey, 1));
  }

  @Test
  void plainAndEncryptedNeverMerge() {
    assertApart(under.write(0, 4096, key, 0), under.write(8, 4096));
    assertApart(under.write(0, 4096), under.write(8, 4096, key, 0));
  }

  @Test
  void plainBiosMergeBySectorAlone() {
    plugged(under.write(0, 4096), under.write(8, 512), under.write(9, 512));
    assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(4608, 512);
  }

  @Test
  void otherSectorsOperationsAndFlagsDoNotMerge() {
    assertApart(under.write(0, 4096), under.write(9, 4096));
    assertApart(under.write(0, 4096), under.write(8, 4096).forceUnitAccess());
    assertApart(under.write(0, 4096).forceUnitAccess(), under.write(8, 4096).forceUnitAccess());
    Bio read = under.bio(BioOp.READ, 8);
    read.addSegment(1 << 20, 4096);
    assertApart(under.write(0, 4096), read);
    assertApart(under.bio(BioOp.FLUSH, 0), under.bio(BioOp.FLUSH, 0));
  }

  @Test
  void memoryThatLeavesAGapInAPageDoesNotMerge() {
    Bio first = under.bio(BioOp.WRITE, 0);
    first.addSegment(0, 512);
    Bio second = under.bio(BioOp.WRITE, 1);
    second.addSegment(8192, 512);
    assertApart(first, second);
  }

  @Test
  void memoryThatMeetsInsideAPageDoesNotMergeEither() {
    Bio first = under.bio(BioOp.WRITE, 0);
    first.addSegment(0, 512);
    Bio second = under.bio(BioOp.WRITE, 1);
    second.addSegment(512, 512);
    assertApart(first, second);
  }

  @Test
  void aMergeStaysWithinTheLimitsOfTheDevice() {
    try (QueueUnderTest bytes = new QueueUnderTest(new QueueLimits(512, 8192, 256), 1, 8)) {
      bytes.queue.startPlug();
      bytes.submit(bytes.write(0, 4096), bytes.write(8, 4096), bytes.write(16, 4096));
      bytes.queue.finishPlug();
      assertThat(bytes.issued).extracting(Request::sizeBytes).containsExactly(8192, 4096);
    }
    try (QueueUnderTest segments = new QueueUnderTest(new QueueLimits(512, 65536, 2), 1, 8)) {
      segments.queue.startPlug();
      segments.submit(segments.write(0, 4096), segments.write(8, 4096), segments.write(16, 4096));
      segments.queue.finishPlug();
      assertThat(segments.issued).extracting(Request::sizeBytes).containsExactly(8192, 4096);
    }
  }

  @Test
  void aRequestThatWasOnceTooFullTakesNoMoreBios() {
    try (QueueUnderTest under = new QueueUnderTest(new QueueLimits(512, 8192, 256), 1, 8)) {
      under.queue.startPlug();
      under.submit(under.write(8, 4096), under.write(16, 8192), under.write(16, 4096));
      under.queue.finishPlug();
      assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(4096, 8192, 4096);
    }
  }

  @Test
  void aRequestThatABioDidNotContinueInItsNumbersTakesOthers() {
    plugged(
        under.write(8, 4096, key, 10),
        under.write(16, 4096, key, 99),
        under.write(0, 4096, key, 98),
        under.write(8, 4096, key, 99));
    assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(4096, 4096, 8192);
  }

  @Test
  void withoutAPlugNothingMerges() {
    under.submit(under.write(0, 4096), under.write(8, 4096));
    assertThat(under.issued).hasSize(2);
  }

  @Test
  void onlyTheNewestRequestIsMergedWith() {
    plugged(under.write(0, 4096), under.write(100, 4096), under.write(8, 4096));
    assertThat(under.issued).extracting(Request::sector).containsExactly(0L, 100L, 8L);
  }

  @Test
  void allBiosOfARequestEndWithItsStatus() {
    plugged(under.write(0, 4096), under.write(8, 4096), under.write(16, 4096));
    under.endOldest(BioStatus.MEDIUM);
    assertThat(under.ended).hasSize(3).allMatch(bio -> bio.status() == BioStatus.MEDIUM);
  }

  @Test
  void aPlugHoldsRequestsBackUntilTheOutermostIsFinished() {
    under.queue.startPlug();
    under.queue.startPlug();
    under.submit(under.write(0, 4096));
    under.queue.finishPlug();
    assertThat(under.issued).isEmpty();
    under.queue.finishPlug();
    assertThat(under.issued).hasSize(1);
  }

  @Test
  void aPlugWith32RequestsIsFlushedBeforeTheNext() {
    under.queue.startPlug();
    for (int i = 0; i < 32; i++) {
      under.submit(under.write(i * 10L, 512));
    }
    assertThat(under.issued).isEmpty();
    under.submit(under.write(1000, 512));
    assertThat(under.issued).hasSize(32);
    under.queue.finishPlug();
    assertThat(under.issued).hasSize(33);
  }

  @Test
  void aPlugWhoseNewestRequestHas128KiBIsFlushedBeforeTheNext() {
    under.queue.startPlug();
    under.submit(under.write(0, 128 * 1024 - 512), under.write(1000, 512));
    assertThat(under.issued).isEmpty();
    under.submit(under.write(500, 128 * 1024), under.write(1100, 512));
    assertThat(under.issued).hasSize(3);
    under.queue.finishPlug();
  }

  @Test
  void requestsLeaveThePlugInOrder() {
    plugged(under.write(30, 512), under.write(10, 512), under.write(20, 512));
    assertThat(under.issued).extracting(Request::sector).containsExactly(30L, 10L, 20L);
  }

  private void assertApart(Bio first, Bio second) {
    plugged(first, second);
    assertThat(under.issued).hasSize(2);
    under.endAll();
  }

  private void plugged(Bio... bios) {
    under.queue.startPlug();
    under.submit(bios);
    under.queue.finishPlug();
  }
}
