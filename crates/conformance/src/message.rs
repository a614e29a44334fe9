//! Messages as a hospital's system writes them.

use serde_json::{Value, json};

use crate::subjects::Institution;

/// A message that can be sent, and sent again.
#[derive(Clone, Debug)]
pub struct Message {
    /// The number of the transaction.
    pub number: String,
    /// Its id.
    pub id: String,
    /// The institution's code.
    pub institution: String,
    /// The whole envelope.
    pub body: Value,
}

/// Where care is given, and where the person is insured; the latter empty where nobody is named.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    pub care: String,
    pub insured: String,
}

impl Message {
    /// A message of an institution.
    pub fn new(
        institution: &Institution,
        areas: &Areas,
        number: &str,
        id: &str,
        time: &str,
        input: &Value,
    ) -> Message {
        let body = json!({
            "infno": number,
            "msgid": id,
            "mdtrtarea_admvs": areas.care,
            "insuplc_admdvs": areas.insured,
            "recer_sys_code": "FSI_LOCAL",
            "dev_no": "",
            "dev_safe_info": "",
            "cainfo": "",
            "signtype": "",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "001",
            "opter_name": "检查员",
            "inf_time": time,
            "fixmedins_code": institution.id,
            "fixmedins_name": institution.name,
            "sign_no": "",
            "input": input,
        });
        Message { number: number.to_owned(), id: id.to_owned(), institution: institution.id.clone(), body }
    }

    /// The same with another member of the envelope.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Message {
        self.body[name] = value;
        self
    }

    /// The body.
    pub fn text(&self) -> String {
        self.body.to_string()
    }
}
