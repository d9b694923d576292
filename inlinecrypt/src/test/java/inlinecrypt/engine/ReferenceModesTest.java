package inlinecrypt.engine;

class ReferenceModesTest extends EngineModesContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("reference");
  }
}
