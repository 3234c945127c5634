import SIMDKernels

/// Adam (Kingma & Ba 2015) with clipping of the gradient's global norm and decoupled weight decay.
final class Optimiser {
  private let kernels: Kernels
  private let firstMoment, secondMoment: FloatBuffer
  private let clip, weightDecay: Float
  private var power1 = 1.0
  private var power2 = 1.0

  init(kernels: Kernels, count: Int, options: TrainingOptions) {
    self.kernels = kernels
    firstMoment = FloatBuffer(count)
    secondMoment = FloatBuffer(count)
    clip = options.gradientClip
    weightDecay = options.weightDecay
  }

  /// Adam's moments and the powers of its decay rates.
  var state: (moments: [[Float]], powers: [Double]) {
    ([firstMoment.array, secondMoment.array], [power1, power2])
  }

  /// Goes on from an earlier ``state`` of as many parameters.
  func restore(moments: [[Float]], powers: [Double]) {
    for (buffer, values) in zip([firstMoment, secondMoment], moments) {
      for index in values.indices { buffer.base[index] = values[index] }
    }
    (power1, power2) = (powers[0], powers[1])
  }

  /// Applies one step; returns false, and leaves the parameters alone, when the gradient is not
  /// finite.
  func step(_ parameters: FloatBuffer, gradient: FloatBuffer, learningRate: Float) -> Bool {
    var square = 0.0
    for start in stride(from: 0, to: gradient.count, by: 4096) {
      let count = min(4096, gradient.count - start)
      square += Double(
        simd_dot(kernels.ops, count, gradient.base + start, gradient.base + start))
    }
    guard square.isFinite else { return false }
    let norm = Float(square.squareRoot())
    let beta1 = 0.9
    let beta2 = 0.999
    power1 *= beta1
    power2 *= beta2
    var step = simd_adam_step()
    step.count = parameters.count
    step.parameters = parameters.base
    step.gradient = UnsafePointer(gradient.base)
    step.first_moment = firstMoment.base
    step.second_moment = secondMoment.base
    step.gradient_scale = clip > 0 && norm > clip ? clip / norm : 1
    step.learning_rate = learningRate
    step.beta1 = Float(beta1)
    step.beta2 = Float(beta2)
    step.epsilon = 1e-8
    step.correction1 = Float(1 - power1)
    step.correction2 = Float(1 - power2)
    step.weight_decay = weightDecay
    simd_adam(kernels.ops, &step)
    return true
  }
}
