// One product before nothing: Declare=Shot=N chooses which.
#version 3.7;
global_settings { assumed_gamma 1.0 }
#include "studio.inc"
#include "products.inc"

// The room: light from above, darker below, so that steel has something to mirror.
sphere {
  0, 400
  pigment {
    gradient y
    color_map {
      [0.00 rgb 0.10] [0.42 rgb 0.16] [0.50 rgb 0.34] [0.62 rgb 0.62] [1.00 rgb 0.80]
    }
    scale 800 translate -y * 400
  }
  finish { emission 1 diffuse 0 }
  hollow no_image no_shadow
}
Softbox(<-46, 34, -30>, <0, 11, 0>, 26, 60, 1.1)
Softbox(<48, 26, -14>, <0, 11, 0>, 12, 56, 0.65)
Softbox(<10, 50, 42>, <0, 14, 0>, 30, 20, 0.6)
// what the room gives back
light_source { <0, 60, -60> rgb 0.16 shadowless }
light_source { <-30, -40, -60> rgb 0.07 shadowless }
light_source { <60, 10, -40> rgb 0.06 shadowless }
// dark flags: they give coated metal its edges
box { <-9, -5, 0>, <9, 45, 0.1> translate <0, 0, 40> pigment { rgb 0.05 } no_image no_shadow }

#macro Portrait(Eye, Target, Width)
  camera {
    perspective location Eye look_at Target
    right x * image_width / image_height up y angle 2 * degrees(atan2(Width / 2, vlength(Eye - Target)))
  }
#end

#switch (Shot)
  #case (1) // the bottle, upright
    Portrait(<0, 15.5, -95>, <0, 13.75, 0>, 12.1)
    object { Ridge_Closed rotate y * 0 }
    #break
  #case (2) // the bottle, leaning, seen from above
    Portrait(<0, 34, -88>, <0.3, 13.2, 0>, 20.5)
    object { Ridge_Closed rotate y * 14 rotate z * -16 translate <-3.4, 0, 0> }
    #break
  #case (3) // the bottle without its cap, the cap beside it
    Portrait(<0, 30, -88>, <3.6, 10.9, 0>, 20.5)
    object { Ridge_Open }
    union { object { Ridge_Cap } object { Ridge_Cap_Ring } translate y * -22.86
            rotate y * -24 translate <7.4, 0, -3.6> }
    #break
  #case (4) // the mug, upright
    Portrait(<0, 12, -80>, <0, 7.5, 0>, 10.6)
    object { Ember_Closed }
    #break
  #case (5) // the mug from above
    Portrait(<0, 50, -66>, <-0.6, 7.4, 0>, 15.5)
    object { Ember_Closed rotate y * -16 rotate z * 9 }
    #break
#end
